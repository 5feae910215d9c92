// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is decided at a moment; the whole life, with all who take part in it, is CertificateLifeTest's. */
class ManagedCertificatesTest {

    private static final String NAME = "guard.kms.svc";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ManagedCertificates managed = new ManagedCertificates("Secret kms/guard-certificates", NAME);

    /** Takes all steps that are due, and says why. */
    private Map<String, String> settle(Map<String, String> texts, Instant now, String... reasons) {
        var held = texts;
        for (var reason : reasons) {
            var change = managed.plan(held, "", now).change().orElseThrow();
            assertThat(change.why()).isEqualTo(reason);
            held = change.texts();
        }
        assertThat(managed.plan(held, "", now).change()).isEmpty();
        return held;
    }

    private Map<String, String> fresh() {
        return settle(
                Map.of(),
                START,
                "made a new authority: Secret kms/guard-certificates has no ca.crt.",
                "made a new certificate: Secret kms/guard-certificates has no tls.crt.");
    }

    private static OwnCertificates read(Map<String, String> texts) {
        return OwnCertificates.read("s", texts);
    }

    @Test
    void an_empty_secret_gets_an_authority_and_then_a_certificate() {
        var first = managed.plan(Map.of(), "", START);
        assertThat(first.bundle()).isEmpty();
        assertThat(first.change().orElseThrow().serves()).isFalse();
        assertThat(first.change().orElseThrow().texts()).containsOnlyKeys("ca.crt", "ca.key");

        var second = managed.plan(first.change().orElseThrow().texts(), "", START);
        assertThat(second.bundle())
                .isEqualTo(first.change().orElseThrow().texts().get("ca.crt"));
        assertThat(second.change().orElseThrow().serves()).isTrue();

        var own = read(second.change().orElseThrow().texts());
        var leaf = own.leaf().orElseThrow();
        assertThat(leaf.names()).containsExactly(NAME);
        assertThat(leaf.notAfter()).isEqualTo(START.plus(Duration.ofDays(90)));
        assertThat(own.bundle().get(0).getNotAfter().toInstant()).isEqualTo(START.plus(Duration.ofDays(365)));
        assertThat(own.bundle().get(0).getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(own.voucher()).contains(own.bundle().get(0));
    }

    @Test
    void the_certificate_is_renewed_at_two_thirds_of_its_time() {
        var texts = fresh();

        settle(texts, START.plus(Duration.ofDays(60)).minusSeconds(1));
        settle(
                texts,
                START.plus(Duration.ofDays(60)),
                "made a new certificate: two thirds of the time of the certificate are over.");
    }

    @Test
    void a_new_authority_overlaps_with_the_old_one() {
        var due = START.plus(Duration.ofDays(365).multipliedBy(2).dividedBy(3)).plusSeconds(1);
        var before = settle(
                fresh(),
                START.plus(Duration.ofDays(200)),
                "made a new certificate: the certificate expired at 2026-04-01T00:00:00Z.");
        var old = read(before).bundle().get(0);

        var both = settle(before, due, "made a new authority: two thirds of the time of the authority are over.");
        assertThat(read(both).bundle()).hasSize(2).endsWith(old);
        assertThat(both.get("tls.crt")).isEqualTo(before.get("tls.crt"));
        settle(both, due.plus(Duration.ofMinutes(9)));

        var arrived = due.plus(Duration.ofMinutes(10));
        var moved =
                settle(both, arrived, "made a new certificate: there is a new authority, and the API servers know it.");
        assertThat(read(moved).voucher()).contains(read(both).bundle().get(0));
        assertThat(read(moved).bundle()).hasSize(2);
        settle(moved, arrived.plus(Duration.ofHours(23)));

        var alone = settle(
                moved,
                arrived.plus(Duration.ofDays(1)),
                "let go of an old authority: nothing that it issued is served.");
        assertThat(read(alone).bundle()).isEqualTo(read(moved).bundle().subList(0, 1));
    }

    @Test
    void what_expired_is_made_anew_at_once() {
        settle(
                fresh(),
                START.plus(Duration.ofDays(4_000)),
                "made a new authority: the authority expired at 2027-01-01T00:00:00Z.",
                "made a new certificate: nobody in the bundle vouches for the certificate.");
    }

    @Test
    void what_was_made_by_a_clock_ahead_is_made_anew_at_once() {
        var back = START.minus(Duration.ofDays(400));
        var texts = settle(
                fresh(),
                back,
                "made a new authority: the authority is not valid before 2025-12-31T23:00:00Z: a clock was or is wrong.",
                "made a new certificate: nobody in the bundle vouches for the certificate.");
        assertThat(read(texts).bundle()).hasSize(1);
    }

    @Test
    void a_certificate_for_other_names_is_made_anew_at_once() {
        var other = new ManagedCertificates("Secret kms/guard-certificates", "other.kms.svc");

        assertThat(other.plan(fresh(), "", START).change().map(ManagedCertificates.Change::why))
                .contains("made a new certificate: the certificate is for [guard.kms.svc], not for other.kms.svc.");
    }

    @Test
    void a_lost_key_of_the_authority_costs_no_review() {
        var texts = new HashMap<>(fresh());
        texts.remove("ca.key");
        var later = START.plus(Duration.ofDays(3));

        var both = settle(texts, later, "made a new authority: Secret kms/guard-certificates has no ca.key.");

        assertThat(both.get("tls.crt")).isEqualTo(texts.get("tls.crt"));
        assertThat(read(both).bundle()).hasSize(2);
        assertThat(read(both).voucher()).contains(read(both).bundle().get(1));
    }

    @Test
    void a_secret_that_was_emptied_keeps_trusting_what_is_served() {
        var known = fresh();

        var change = managed.plan(Map.of(), known.getOrDefault("ca.crt", ""), START)
                .change()
                .orElseThrow();

        assertThat(read(change.texts()).bundle())
                .hasSize(2)
                .endsWith(read(known).bundle().get(0));
    }

    @Test
    void every_damaged_part_is_named_and_made_anew() {
        var good = fresh();
        var other = fresh();
        for (var each : List.of(
                List.of("tls.crt", "", "has no tls.crt."),
                List.of("tls.key", "", "has no tls.key."),
                List.of("tls.crt", "hello", ": tls.crt is not PEM. It must hold blocks that begin with -----BEGIN."),
                List.of("tls.key", other.get("tls.key"), ": tls.key does not belong to tls.crt."),
                List.of("ca.crt", "hello", ": ca.crt is not PEM. It must hold blocks that begin with -----BEGIN."),
                List.of("ca.crt", good.get("tls.crt"), ": ca.key does not belong to the first certificate of ca.crt."),
                List.of(
                        "ca.key",
                        "-----BEGIN EC",
                        ": ca.key is not PEM. It must hold blocks that begin with -----BEGIN."),
                List.of(
                        "ca.key",
                        other.get("ca.key"),
                        ": ca.key does not belong to the first certificate of ca.crt."))) {
            var texts = new TreeMap<>(good);
            texts.put(each.get(0), each.get(1));

            var why = managed.plan(texts, "", START).change().orElseThrow().why();

            assertThat(why).endsWith(each.get(2)).contains("Secret kms/guard-certificates");
            assertThat(managed.plan(texts, "", START).change().orElseThrow()).hasToString("Change[" + why + "]");
        }
    }

    @Test
    void one_who_breaks_the_secret_again_and_again_does_not_fill_it() {
        Map<String, String> texts = fresh();
        var served = read(texts).bundle().get(0);
        for (var time = 1; time < 20; time++) {
            var broken = new HashMap<>(texts);
            broken.remove("ca.key");
            texts = managed.plan(broken, "", START.plusSeconds(time))
                    .change()
                    .orElseThrow()
                    .texts();
        }
        assertThat(read(texts).bundle()).hasSize(5).contains(served);
    }

    @Test
    void a_certificate_never_outlives_its_authority() {
        var brief = new Issuer("an operator's CA", START, Duration.ofDays(30));
        var texts = Map.of("ca.crt", PemText.of(brief.certificate()), "ca.key", PemText.of(brief.key()));

        var own = read(settle(
                texts,
                START.plus(Duration.ofDays(10)),
                "made a new certificate: Secret kms/guard-certificates has no tls.crt."));

        assertThat(own.bundle()).containsExactly(brief.certificate());
        assertThat(own.leaf().orElseThrow().notAfter()).isEqualTo(START.plus(Duration.ofDays(30)));
    }

    @Test
    void other_keys_of_the_secret_stay() {
        assertThat(managed.plan(Map.of("note", "mine"), "", START)
                        .change()
                        .orElseThrow()
                        .texts())
                .containsEntry("note", "mine");
    }

    private Map<String, String> expired() {
        var issuer = new Issuer("an operator's CA", START.minus(Duration.ofDays(111)), Duration.ofDays(300));
        var leaf = issuer.server(List.of(NAME), Duration.ofDays(90));
        return Map.of(
                "ca.crt", PemText.of(issuer.certificate()),
                "tls.crt", PemText.of(leaf.leaf()),
                "tls.key", PemText.of(leaf.key()));
    }

    @Test
    void a_source_serves_a_stopgap_until_the_secret_holds_something_and_then_keeps_it() {
        var held = new HashMap<String, Map<String, String>>();
        var source = new SecretCertificates(
                "Secret kms/guard-certificates",
                NAME,
                () -> Optional.ofNullable(held.get("it")),
                Clock.fixed(START, ZoneOffset.UTC));
        assertThat(source.read()).isInstanceOf(CertificateSource.Loaded.class);
        assertThat(source.state())
                .isEqualTo(Readiness.State.not("there is no certificate yet that the API server could trust:"
                        + " Secret kms/guard-certificates was not read yet."));
        held.put("it", Map.of("note", "mine"));
        source.read();
        assertThat(source.state())
                .isEqualTo(Readiness.State.not("there is no certificate yet that the API server could trust:"
                        + " Secret kms/guard-certificates has no tls.crt."));

        held.put("it", expired());
        source.read();
        assertThat(source.state())
                .isEqualTo(Readiness.State.not("there is no certificate yet that the API server could trust:"
                        + " Secret kms/guard-certificates: tls.crt cannot serve: it expired at 2025-12-11T00:00:00Z."));

        held.put("it", fresh());
        assertThat(((CertificateSource.Loaded) source.read()).certificate().leaf())
                .isEqualTo(read(held.get("it")).leaf().orElseThrow().leaf());
        assertThat(source.state().ready()).as("before it is put into use").isFalse();
        source.served();
        assertThat(source.state()).isEqualTo(Readiness.State.ok());

        var foreign = new HashMap<>(held.get("it"));
        foreign.put("ca.crt", fresh().get("ca.crt"));
        held.put("it", foreign);
        assertThat(source.read())
                .isEqualTo(new CertificateSource.Failed(
                        "Secret kms/guard-certificates: nobody in ca.crt vouches for tls.crt."));
        assertThat(source.state()).isEqualTo(Readiness.State.ok());
    }
}
