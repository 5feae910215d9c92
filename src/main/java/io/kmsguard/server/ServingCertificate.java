// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A certificate with its private key and the certificates that vouch for it. No record: its text must not hold the key. */
public final class ServingCertificate {

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final List<X509Certificate> authorities;

    private ServingCertificate(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
        this.chain = List.copyOf(chain);
        this.key = key;
        this.authorities = List.copyOf(authorities);
    }

    /**
     * Puts a pair together.
     *
     * @param chain the leaf first, not empty
     * @param authorities who vouches for it; where empty, only the leaf itself can be trusted
     * @return nothing where the key is not the leaf's
     */
    public static Optional<ServingCertificate> of(
            List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities) {
        return belongsTo(chain.get(0), key)
                ? Optional.of(new ServingCertificate(chain, key, authorities))
                : Optional.empty();
    }

    /** Whether a signature of the key is one of the certificate. Holds for keys of every kind that TLS here can use. */
    private static boolean belongsTo(X509Certificate leaf, PrivateKey key) {
        var algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            var message = new byte[] {1};
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(message);
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(leaf.getPublicKey());
            verifier.update(message);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }

    /** The certificate that is shown to callers. */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    List<X509Certificate> chain() {
        return chain;
    }

    PrivateKey key() {
        return key;
    }

    /** Whom a caller has to trust; never empty. */
    public List<X509Certificate> trusted() {
        return authorities.isEmpty() ? List.of(leaf()) : authorities;
    }

    /** The end of its time, that of the leaf. */
    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    /** Why it cannot serve at that moment: expired, or not valid yet; nothing where it can. */
    public Optional<String> notValidAt(Instant moment) {
        if (moment.isAfter(notAfter())) {
            return Optional.of("it expired at " + notAfter());
        }
        var notBefore = leaf().getNotBefore().toInstant();
        return moment.isBefore(notBefore) ? Optional.of("it is not valid before " + notBefore) : Optional.empty();
    }

    /** The DNS names and addresses that it is for, in its own order. */
    public List<String> names() {
        try {
            var names = leaf().getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream().map(name -> String.valueOf(name.get(1))).toList();
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }

    /** Whether a caller accepts it for that DNS name; a star stands for the first label, as in TLS. */
    public boolean isFor(String dnsName) {
        var wanted = dnsName.toLowerCase(Locale.ROOT);
        var dot = wanted.indexOf('.');
        var star = dot < 0 ? wanted : "*" + wanted.substring(dot);
        return names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.equals(wanted) || name.equals(star));
    }

    /** Whether both show the same to callers and trust the same. */
    public boolean sameAs(ServingCertificate other) {
        return chain.equals(other.chain) && authorities.equals(other.authorities) && key.equals(other.key);
    }

    @Override
    public String toString() {
        return "certificate %s until %s".formatted(leaf().getSerialNumber().toString(16), notAfter());
    }
}
