// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The life of certificates that the guard makes itself, decided from the certificates alone: what is to be written at a moment,
 * one step at a time. Nobody's review fails on the way:
 *
 * <ol>
 *   <li>A new authority comes to the front of the bundle, while the old one's certificate is served on.
 *   <li>Once the new one had time to reach every API server, it issues what is served.
 *   <li>Once that had time to reach every replica, the old authority leaves the bundle.
 * </ol>
 *
 * What is damaged, expired, not valid yet or for other names is made anew at once.
 */
public final class ManagedCertificates {

    private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(365);
    private static final Duration LEAF_VALIDITY = Duration.ofDays(90);

    /** How long an API server may take to see a bundle that was written. */
    private static final Duration BUNDLE_ARRIVES = Duration.ofMinutes(10);

    /** How long a replica may take to serve a certificate that was written. */
    private static final Duration LEAF_ARRIVES = Duration.ofDays(1);

    /** How many authorities may stay trusted beside a new one, so that one who breaks the Secret again and again fills nothing. */
    private static final int MOST_BEFORE = 4;

    private final String place;
    private final String serverName;

    /**
     * @param place what messages call the Secret
     * @param serverName the name by which the API server calls, {@code <service>.<namespace>.svc}
     */
    public ManagedCertificates(String place, String serverName) {
        this.place = place;
        this.serverName = serverName;
    }

    /**
     * What is to be done.
     *
     * @param bundle whom callers must trust as long as nothing changes (PEM); empty where there is nobody
     * @param change what is to be written next
     */
    public record Plan(String bundle, Optional<Change> change) {}

    /**
     * What is to be written.
     *
     * @param texts all that the Secret shall hold then, PEM by key; with private keys
     * @param serves whether another certificate is served with it, so that the bundle of the plan must be with the callers before
     * @param why a sentence without anything of a key
     */
    public record Change(Map<String, String> texts, boolean serves, String why) {
        /** Without the keys. */
        @Override
        public String toString() {
            return "Change[" + why + "]";
        }
    }

    /**
     * Decides on one step.
     *
     * @param texts what the Secret holds, PEM by key
     * @param known the bundle of what is served in the sight of this process (PEM; may be empty): where the Secret lost it, its
     *     authorities stay trusted, since replicas serve on what they have
     */
    public Plan plan(Map<String, String> texts, String known, Instant now) {
        var own = OwnCertificates.read(place, texts);
        var authorityDue = authorityDue(own, now);
        if (authorityDue.isPresent()) {
            var change = newAuthority(own, texts, known, authorityDue.get(), now);
            return new Plan(OwnCertificates.pem(own.bundle()), Optional.of(change));
        }
        var change =
                leafDue(own, now).map(why -> newLeaf(own, texts, why, now)).or(() -> shorterBundle(own, texts, now));
        return new Plan(OwnCertificates.pem(own.bundle()), change);
    }

    private Optional<String> authorityDue(OwnCertificates own, Instant now) {
        if (!own.authorityProblem().isEmpty()) {
            return Optional.of(own.authorityProblem());
        }
        return due("the authority", own.bundle().get(0), now);
    }

    private static Optional<String> due(String what, X509Certificate certificate, Instant now) {
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            return Optional.of(what + " expired at " + certificate.getNotAfter().toInstant() + ".");
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            return Optional.of(what + " is not valid before "
                    + certificate.getNotBefore().toInstant() + ": a clock was or is wrong.");
        }
        return now.isBefore(OwnCertificates.renewal(certificate))
                ? Optional.empty()
                : Optional.of("two thirds of the time of " + what + " are over.");
    }

    private Change newAuthority(OwnCertificates own, Map<String, String> texts, String known, String why, Instant now) {
        var issuer = new Issuer("kms-guard CA of " + now, now, AUTHORITY_VALIDITY);
        var before = new LinkedHashSet<X509Certificate>();
        own.voucher().ifPresent(before::add);
        before.addAll(own.bundle());
        before.addAll(known(known));
        var bundle = new ArrayList<>(List.of(issuer.certificate()));
        before.stream()
                .filter(each -> OwnCertificates.isValid(each, now))
                .limit(MOST_BEFORE)
                .forEach(bundle::add);
        var fresh = new TreeMap<>(texts);
        fresh.put(OwnCertificates.CA, OwnCertificates.pem(bundle));
        fresh.put(OwnCertificates.CA_KEY, PemText.of(issuer.key()));
        return new Change(fresh, false, "made a new authority: " + why);
    }

    private static List<X509Certificate> known(String pem) {
        try {
            return pem.isEmpty() ? List.of() : new PemText("the bundle in force", pem).certificates();
        } catch (PemText.Unusable damaged) {
            return List.of();
        }
    }

    /** Why another certificate must be served, once the authority is as it should be. */
    private Optional<String> leafDue(OwnCertificates own, Instant now) {
        if (own.leaf().isEmpty()) {
            return Optional.of(own.leafProblem());
        }
        var leaf = own.leaf().get();
        if (!leaf.names().equals(List.of(serverName))) {
            return Optional.of("the certificate is for %s, not for %s.".formatted(leaf.names(), serverName));
        }
        var voucher = own.voucher();
        if (voucher.isEmpty() || !OwnCertificates.isValid(voucher.get(), now)) {
            return Optional.of("nobody in the bundle vouches for the certificate.");
        }
        var authority = own.bundle().get(0);
        var due = due("the certificate", leaf.leaf(), now)
                .or(() -> voucher.get().equals(authority)
                        ? Optional.empty()
                        : Optional.of("there is a new authority, and the API servers know it."));
        var arrived = !now.isBefore(OwnCertificates.issued(authority).plus(BUNDLE_ARRIVES));
        return due.filter(why -> arrived || !OwnCertificates.isValid(leaf.leaf(), now));
    }

    private Change newLeaf(OwnCertificates own, Map<String, String> texts, String why, Instant now) {
        var issuer = own.issuer(now);
        var left = Duration.between(now, issuer.certificate().getNotAfter().toInstant());
        var validity = left.compareTo(LEAF_VALIDITY) < 0 ? left : LEAF_VALIDITY;
        var leaf = issuer.server(List.of(serverName), validity);
        var fresh = new TreeMap<>(texts);
        fresh.put(OwnCertificates.LEAF, PemText.of(leaf.leaf()));
        fresh.put(OwnCertificates.LEAF_KEY, PemText.of(leaf.key()));
        return new Change(fresh, true, "made a new certificate: " + why);
    }

    /** Lets go of authorities that nobody needs any more. */
    private Optional<Change> shorterBundle(OwnCertificates own, Map<String, String> texts, Instant now) {
        var authority = own.bundle().get(0);
        var leaf = own.leaf().orElseThrow().leaf();
        var settled = own.voucher().filter(authority::equals).isPresent()
                && !now.isBefore(OwnCertificates.issued(leaf).plus(LEAF_ARRIVES));
        var kept = own.bundle().stream()
                .filter(each -> each.equals(authority) || (!settled && OwnCertificates.isValid(each, now)))
                .distinct()
                .toList();
        if (kept.equals(own.bundle())) {
            return Optional.empty();
        }
        var fresh = new TreeMap<>(texts);
        fresh.put(OwnCertificates.CA, OwnCertificates.pem(kept));
        return Optional.of(new Change(fresh, false, "let go of an old authority: nothing that it issued is served."));
    }
}
