// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cluster.CertificateStore;
import io.kmsguard.cluster.Outcome;
import io.kmsguard.cluster.TrustBundles;
import io.kmsguard.server.CertificateSource;
import io.kmsguard.server.ManagedCertificates;
import io.kmsguard.server.Readiness;
import io.kmsguard.server.SecretCertificates;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Years of a Secret, of the caBundle and of replicas that lag behind: whoever is called is trusted. */
class CertificateLifeTest {

    private static final String PLACE = "Secret kms/guard-certificates";
    private static final String NAME = "guard.kms.svc";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Hand clock = new Hand();
    private final MemoryStore store = new MemoryStore();
    private final MemoryBundles bundles = new MemoryBundles();
    private final SecretCertificates source =
            new SecretCertificates(PLACE, NAME, () -> Optional.of(store.texts), clock);
    private boolean leading = true;
    private final CertificateUpkeep upkeep = new CertificateUpkeep(
            new ManagedCertificates(PLACE, NAME), store, bundles, source::bundle, () -> leading, clock);

    /** A clock that is set by hand. */
    private static final class Hand extends Clock {
        private Instant now = START;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    /** A Secret, and what somebody else does to it right before a write. */
    private static final class MemoryStore implements CertificateStore {
        private Map<String, String> texts = Map.of();
        private int version;
        private int writes;
        private Optional<String> trouble = Optional.empty();
        private Optional<UnaryOperator<Map<String, String>>> rival = Optional.empty();

        @Override
        public Reading read() {
            return trouble.isPresent()
                    ? new Unreadable(trouble.get())
                    : new Held(String.valueOf(version), new TreeMap<>(texts));
        }

        @Override
        public Outcome write(Held before, Map<String, String> after) {
            rival.ifPresent(change -> put(change.apply(texts)));
            rival = Optional.empty();
            if (!before.version().equals(String.valueOf(version))) {
                return new Outcome.Overtaken();
            }
            writes++;
            put(after);
            return new Outcome.Done();
        }

        private void put(Map<String, String> after) {
            texts = after;
            version++;
        }
    }

    /** The caBundle. */
    private static final class MemoryBundles implements TrustBundles {
        private String bundle = "";
        private Optional<String> trouble = Optional.empty();

        @Override
        public Outcome write(String fresh) {
            if (trouble.isPresent()) {
                return new Outcome.Trouble(trouble.get());
            }
            bundle = fresh;
            return new Outcome.Done();
        }
    }

    private X509Certificate served() {
        return ((CertificateSource.Loaded) source.read()).certificate().leaf();
    }

    /** As an API server would: somebody in that bundle, and valid himself, signed it, and its time has come and is not over. */
    private static void assertTrusted(X509Certificate leaf, String bundle, Instant now) throws Exception {
        assertThat(leaf.getNotBefore().toInstant()).isBeforeOrEqualTo(now);
        assertThat(leaf.getNotAfter().toInstant()).isAfter(now);
        var vouchers = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bundle.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .filter(each -> signed(each, leaf))
                .map(X509Certificate.class::cast)
                .filter(each -> each.getNotAfter().toInstant().isAfter(now))
                .toList();
        assertThat(vouchers)
                .as("who vouches at " + now + " for " + leaf.getIssuerX500Principal())
                .hasSize(1);
    }

    private static boolean signed(Certificate authority, X509Certificate leaf) {
        try {
            leaf.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    @Test
    void for_five_years_the_bundle_vouches_for_what_is_served_and_for_what_was_served_before() throws Exception {
        upkeep.settle();
        var leaf = served();
        var leaves = 1;
        var bundlesSeen = 1;
        var quiet = START;
        var end = START.plus(Duration.ofDays(5 * 365));
        while (clock.now.isBefore(end)) {
            var bundleBefore = bundles.bundle;
            // Step by step where something changed, and in strides of days in between.
            clock.now = clock.now.plus(clock.now.isBefore(quiet) ? Duration.ofMinutes(5) : Duration.ofDays(4));
            assertThat(upkeep.settle()).isTrue();

            var next = served();
            // An API server that has not seen the new bundle yet trusts the new certificate, and one that has, the old
            // one,
            // which a replica may still serve.
            assertTrusted(next, bundleBefore, clock.now);
            assertTrusted(next, bundles.bundle, clock.now);
            assertTrusted(leaf, bundles.bundle, clock.now);
            if (!bundles.bundle.equals(bundleBefore)) {
                quiet = clock.now.plus(Duration.ofMinutes(30));
                bundlesSeen++;
            }
            leaves += next.equals(leaf) ? 0 : 1;
            leaf = next;
        }
        // A certificate lives sixty days, or until there is a new authority, of which there are seven. Each of these
        // comes
        // beside the old one, and is then alone.
        assertThat(leaves).isEqualTo(38);
        assertThat(bundlesSeen).isEqualTo(1 + 7 * 2);
    }

    @Test
    void what_is_served_changes_only_after_the_bundle_was_written() {
        bundles.trouble = Optional.of("the guard's account lacks the right to patch it (403)");

        assertThat(upkeep.settle()).isFalse();

        assertThat(store.texts).containsOnlyKeys("ca.crt", "ca.key");
        assertThat(upkeep.state())
                .isEqualTo(Readiness.State.ok("certificates cannot be looked after: the guard's account lacks the right"
                        + " to patch it (403)"));

        bundles.trouble = Optional.empty();
        assertThat(upkeep.settle()).isTrue();
        assertThat(store.texts).containsOnlyKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
        assertThat(bundles.bundle).isEqualTo(store.texts.get("ca.crt"));
        assertThat(upkeep.state()).isEqualTo(Readiness.State.ok());
    }

    @Test
    void a_rival_who_wrote_first_wins() {
        var rival = new MemoryStore();
        var other = new CertificateUpkeep(
                new ManagedCertificates(PLACE, NAME), rival, bundles, () -> "", () -> true, clock);
        assertThat(other.settle()).isTrue();
        store.rival = Optional.of(before -> rival.texts);

        assertThat(upkeep.settle()).isTrue();

        assertThat(store.texts).isEqualTo(rival.texts);
        assertThat(store.writes).isZero();
        assertThat(bundles.bundle).isEqualTo(rival.texts.get("ca.crt"));
    }

    @Test
    void who_does_not_lead_writes_nothing() {
        leading = false;

        assertThat(upkeep.settle()).isFalse();

        assertThat(store.texts).isEmpty();
        assertThat(bundles.bundle).isEmpty();
    }

    @Test
    void an_emptied_bundle_heals_and_the_secret_stays() {
        upkeep.settle();
        var before = store.texts;
        bundles.bundle = "";

        assertThat(upkeep.settle()).isTrue();

        assertThat(bundles.bundle).isEqualTo(before.get("ca.crt"));
        assertThat(store.texts).isEqualTo(before);
    }

    @Test
    void a_secret_that_is_emptied_costs_no_review_while_somebody_serves() throws Exception {
        upkeep.settle();
        var leaf = served();
        store.put(Map.of());

        assertThat(upkeep.settle()).isTrue();

        assertThat(served()).isNotEqualTo(leaf);
        assertTrusted(served(), bundles.bundle, clock.now);
        assertTrusted(leaf, bundles.bundle, clock.now);
    }

    @Test
    void a_clock_that_jumps_over_the_end_and_back_is_mended_each_time() throws Exception {
        upkeep.settle();
        for (var jump : new Duration[] {Duration.ofDays(1_000), Duration.ofDays(-1_000), Duration.ofDays(100)}) {
            clock.now = clock.now.plus(jump);
            assertThat(upkeep.settle()).isTrue();
            assertTrusted(served(), bundles.bundle, clock.now);
        }
    }

    @Test
    void a_secret_that_cannot_be_read_is_told_and_what_is_served_stays() {
        upkeep.settle();
        var leaf = served();
        store.trouble = Optional.of("the guard's account lacks the right to get " + PLACE + " (403)");
        clock.now = clock.now.plus(Duration.ofDays(70));

        assertThat(upkeep.settle()).isFalse();

        assertThat(served()).isEqualTo(leaf);
        assertThat(upkeep.state().detail()).endsWith("(403)");
    }
}
