// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be said of certificates that are given as PEM texts, for a person, and what is wrong with them. Never of a key. */
public final class CertificateReport {

    /** What to do about a renewal that is overdue. */
    public static final String NOBODY_RENEWS =
            "No replica leads, or the leader may not write: the holder of the guard's Lease and the log of that pod tell.";

    /** How long a renewal may take: a leader looks every half minute, and a new authority comes ten minutes before its certificate. */
    private static final Duration RENEWAL_TAKES = Duration.ofHours(1);

    private final String place;
    private final OwnCertificates own;
    private final boolean managed;
    private final Instant now;

    /**
     * Reads them.
     *
     * @param place what messages call where they are
     * @param texts by the names {@code tls.crt}, {@code tls.key}, {@code ca.crt} and perhaps {@code ca.key}
     */
    public CertificateReport(String place, Map<String, String> texts, Instant now) {
        this.place = place;
        this.own = OwnCertificates.read(place, texts);
        this.managed = !texts.getOrDefault(OwnCertificates.CA_KEY, "").isBlank();
        this.now = now;
    }

    /** Lines about the certificate that is served, and about those who vouch for it. */
    public List<String> lines() {
        var lines = new ArrayList<String>();
        own.leaf().ifPresent(leaf -> {
            lines.add("certificate   " + name(leaf.leaf()) + " for " + String.join(", ", leaf.names()));
            lines.add("              " + time(leaf.leaf()) + ", issued by "
                    + leaf.leaf().getIssuerX500Principal().getName());
            lines.add("              "
                    + (managed
                            ? "the guard makes a new one from " + renewal(leaf.leaf()) + " on"
                            : "renewed by whoever put it there"));
        });
        for (var number = 0; number < own.bundle().size(); number++) {
            var authority = own.bundle().get(number);
            lines.add((number == 0 ? "authority     " : "also trusted  ") + name(authority));
            lines.add("              " + time(authority));
            if (managed && number == 0) {
                lines.add("              the guard makes a new one from " + renewal(authority) + " on");
            }
        }
        return lines;
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    private static String time(X509Certificate certificate) {
        return "from " + certificate.getNotBefore().toInstant() + " until "
                + certificate.getNotAfter().toInstant();
    }

    private static Instant renewal(X509Certificate certificate) {
        return OwnCertificates.renewal(certificate);
    }

    /**
     * What is wrong, a sentence each.
     *
     * @param serverName the name by which the API server calls, where it is known
     */
    public List<String> problems(Optional<String> serverName) {
        var problems = new ArrayList<String>();
        if (own.leaf().isEmpty()) {
            problems.add(own.leafProblem());
            return problems;
        }
        if (managed && !own.authorityProblem().isEmpty()) {
            problems.add(own.authorityProblem());
        }
        var leaf = own.leaf().get();
        leaf.notValidAt(now).ifPresent(why -> problems.add(place + ": tls.crt cannot serve: " + why + "."));
        serverName
                .filter(name -> !leaf.isFor(name))
                .ifPresent(name ->
                        problems.add("%s: tls.crt is for %s, not for %s.".formatted(place, leaf.names(), name)));
        if (!own.bundle().isEmpty()) {
            distrust(own.bundle()).ifPresent(why -> problems.add(place + ": in ca.crt " + why + "."));
        }
        return problems;
    }

    /** What the guard should have made anew by now and has not, though its time is not over; a sentence each. */
    public List<String> overdue() {
        if (!managed) {
            return List.of();
        }
        var overdue = new ArrayList<String>();
        own.leaf().ifPresent(leaf -> overdue("tls.crt", leaf.leaf()).ifPresent(overdue::add));
        own.bundle().stream()
                .findFirst()
                .flatMap(authority -> overdue("ca.crt", authority))
                .ifPresent(overdue::add);
        return overdue;
    }

    private Optional<String> overdue(String key, X509Certificate certificate) {
        var due = renewal(certificate);
        return OwnCertificates.isValid(certificate, now) && now.isAfter(due.plus(RENEWAL_TAKES))
                ? Optional.of("%s: %s was to be made anew from %s on, and was not; its time is over at %s."
                        .formatted(place, key, due, certificate.getNotAfter().toInstant()))
                : Optional.empty();
    }

    /**
     * Why one who trusts that bundle does not trust the certificate that is served; empty where it does.
     *
     * @param bundle certificates, PEM
     */
    public Optional<String> distrustedBy(String bundle) {
        if (bundle.isBlank()) {
            return Optional.of("the caBundle is empty");
        }
        try {
            return distrust(new PemText("the caBundle", bundle).certificates());
        } catch (PemText.Unusable damaged) {
            return Optional.of("the caBundle is no PEM with certificates");
        }
    }

    private Optional<String> distrust(List<X509Certificate> bundle) {
        var leaf = own.leaf().map(ServingCertificate::leaf);
        if (leaf.isEmpty()) {
            return Optional.of("nobody can vouch for a certificate that is not there");
        }
        // One that is its own authority vouches for itself.
        var voucher = bundle.contains(leaf.get()) ? leaf : OwnCertificates.voucher(leaf.get(), bundle);
        return voucher.isEmpty()
                ? Optional.of("nobody vouches for the certificate")
                : voucher.filter(each -> !OwnCertificates.isValid(each, now))
                        .map(each -> name(each) + ", who vouches for the certificate, is not valid now (" + time(each)
                                + ")");
    }
}
