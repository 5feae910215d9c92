// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/** A certificate authority in memory, ECDSA P-256. */
final class Issuer {

    /** How far behind a caller's clock may be. Certificates are valid from so long before they were made. */
    static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final X500Name subject;
    private final PrivateKey key;
    private final Instant now;
    private final X509Certificate certificate;

    /** A new authority with a key of its own, valid from an hour before that moment. */
    Issuer(String commonName, Instant now, Duration validity) {
        this.subject = new X500Name("CN=" + commonName);
        var keys = newKeys();
        this.key = keys.getPrivate();
        this.now = now;
        try {
            var builder = builder(subject, keys.getPublic(), keys.getPublic(), validity)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            this.certificate = sign(builder);
        } catch (IOException broken) {
            throw new IllegalStateException("a CA certificate cannot be encoded", broken);
        }
    }

    /**
     * An authority that was made before; what it issues is valid from an hour before that moment.
     *
     * @param key the private one of that certificate
     */
    Issuer(X509Certificate certificate, PrivateKey key, Instant now) {
        this.subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        this.key = key;
        this.now = now;
        this.certificate = certificate;
    }

    X509Certificate certificate() {
        return certificate;
    }

    PrivateKey key() {
        return key;
    }

    /** A server's certificate for those DNS names and addresses, with a new key. */
    ServingCertificate server(List<String> names, Duration validity) {
        return leaf("CN=kms-guard", names, KeyPurposeId.id_kp_serverAuth, validity);
    }

    /** A client's certificate, with a new key. */
    ServingCertificate client(String commonName, Duration validity) {
        return leaf("CN=" + commonName, List.of(), KeyPurposeId.id_kp_clientAuth, validity);
    }

    private ServingCertificate leaf(String name, List<String> names, KeyPurposeId purpose, Duration validity) {
        var leafKeys = newKeys();
        try {
            var builder = builder(new X500Name(name), leafKeys.getPublic(), certificate.getPublicKey(), validity)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            if (!names.isEmpty()) {
                var all = names.stream().map(Issuer::generalName).toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
            }
            return ServingCertificate.of(List.of(sign(builder)), leafKeys.getPrivate(), List.of(certificate))
                    .orElseThrow();
        } catch (IOException broken) {
            throw new IllegalStateException("a certificate for %s cannot be encoded".formatted(names), broken);
        }
    }

    private X509v3CertificateBuilder builder(X500Name name, PublicKey owner, PublicKey authority, Duration validity)
            throws IOException {
        try {
            var extensions = new JcaX509ExtensionUtils();
            return new JcaX509v3CertificateBuilder(
                            subject,
                            new BigInteger(127, RANDOM).setBit(126),
                            Date.from(now.minus(CLOCK_SKEW)),
                            Date.from(now.plus(validity)),
                            name,
                            owner)
                    .addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(owner))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            extensions.createAuthorityKeyIdentifier(authority));
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("this Java has no SHA-1, which names keys", absent);
        }
    }

    private X509Certificate sign(X509v3CertificateBuilder builder) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException absent) {
            throw new IllegalStateException("this Java cannot sign with ECDSA", absent);
        }
    }

    private static GeneralName generalName(String name) {
        return new GeneralName(IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("this Java has no P-256", absent);
        }
    }
}
