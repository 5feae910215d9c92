// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a Secret of managed certificates holds, each part read as far as it can be: {@code ca.crt} (the current authority first,
 * then those that were before it), {@code ca.key} of the current one, {@code tls.crt} and {@code tls.key}. No record: its
 * text must not hold a key.
 */
final class OwnCertificates {

    static final String CA = "ca.crt";
    static final String CA_KEY = "ca.key";
    static final String LEAF = "tls.crt";
    static final String LEAF_KEY = "tls.key";

    private final String place;
    private final List<X509Certificate> bundle;
    private final Optional<PrivateKey> authorityKey;
    private final Optional<ServingCertificate> leaf;
    private final String authorityUnreadable;
    private final String leafProblem;

    private OwnCertificates(
            String place,
            List<X509Certificate> bundle,
            Optional<PrivateKey> authorityKey,
            Optional<ServingCertificate> leaf,
            String authorityUnreadable,
            String leafProblem) {
        this.place = place;
        this.bundle = bundle;
        this.authorityKey = authorityKey;
        this.leaf = leaf;
        this.authorityUnreadable = authorityUnreadable;
        this.leafProblem = leafProblem;
    }

    /**
     * Reads what can be read.
     *
     * @param place what messages call the Secret
     * @param texts PEM by key; a key that is absent and one that is empty are the same
     */
    static OwnCertificates read(String place, Map<String, String> texts) {
        List<X509Certificate> bundle = List.of();
        Optional<PrivateKey> authorityKey = Optional.empty();
        var authorityUnreadable = "";
        try {
            bundle = part(place, texts, CA).certificates();
            authorityKey = Optional.of(part(place, texts, CA_KEY).privateKey());
        } catch (PemText.Unusable unusable) {
            authorityUnreadable = unusable.sentences();
        }
        Optional<ServingCertificate> leaf = Optional.empty();
        var leafProblem = "";
        try {
            var chain = part(place, texts, LEAF).certificates();
            leaf = ServingCertificate.of(chain, part(place, texts, LEAF_KEY).privateKey(), bundle);
            leafProblem = leaf.isPresent() ? "" : place + ": tls.key does not belong to tls.crt.";
        } catch (PemText.Unusable unusable) {
            leafProblem = unusable.sentences();
        }
        return new OwnCertificates(place, bundle, authorityKey, leaf, authorityUnreadable, leafProblem);
    }

    private static PemText part(String place, Map<String, String> texts, String key) throws PemText.Unusable {
        var text = texts.getOrDefault(key, "");
        if (text.isBlank()) {
            throw new PemText.Unusable(place + " has no " + key + ".");
        }
        return new PemText(place + ": " + key, text);
    }

    /** Why there is no authority to issue with; empty where there is one, though its time may be over. */
    String authorityProblem() {
        // Looked at when it is asked for: it takes a signature, and only who leads asks.
        return authorityKey.map(key -> problem(bundle.get(0), key)).orElse(authorityUnreadable);
    }

    private String problem(X509Certificate authority, PrivateKey key) {
        if (!key.getAlgorithm().equals("EC")) {
            return place + ": ca.key is no ECDSA key.";
        }
        if (ServingCertificate.of(List.of(authority), key, List.of()).isEmpty()) {
            return place + ": ca.key does not belong to the first certificate of ca.crt.";
        }
        return authority.getBasicConstraints() < 0
                ? place + ": the first certificate of ca.crt is not one of an authority."
                : "";
    }

    /** Why there is no pair to serve; empty where there is one, though its time may be over. */
    String leafProblem() {
        return leafProblem;
    }

    /** Whom callers trust; empty where that cannot be read. */
    List<X509Certificate> bundle() {
        return bundle;
    }

    Optional<ServingCertificate> leaf() {
        return leaf;
    }

    /** To issue with, where there is no problem with it. */
    Issuer issuer(Instant now) {
        return new Issuer(bundle.get(0), authorityKey.orElseThrow(), now);
    }

    /** One of the bundle that signed the leaf. */
    Optional<X509Certificate> voucher() {
        return leaf.flatMap(each -> voucher(each.leaf(), bundle));
    }

    /** One that signed it. */
    static Optional<X509Certificate> voucher(X509Certificate leaf, List<X509Certificate> authorities) {
        return authorities.stream()
                .filter(each -> leaf.getIssuerX500Principal().equals(each.getSubjectX500Principal()))
                .filter(each -> signed(each, leaf))
                .findFirst();
    }

    private static boolean signed(X509Certificate authority, X509Certificate leaf) {
        try {
            leaf.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    /** Certificates as one PEM text. */
    static String pem(List<X509Certificate> certificates) {
        return certificates.stream().map(PemText::of).collect(Collectors.joining());
    }

    /** When it was made, as far as it was made here. */
    static Instant issued(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant().plus(Issuer.CLOCK_SKEW);
    }

    /** From when on another one takes its place: two thirds of its time. */
    static Instant renewal(X509Certificate certificate) {
        var time =
                Duration.between(issued(certificate), certificate.getNotAfter().toInstant());
        return issued(certificate).plus(time.multipliedBy(2).dividedBy(3));
    }

    /** Whether its time has come and is not over. */
    static boolean isValid(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }
}
