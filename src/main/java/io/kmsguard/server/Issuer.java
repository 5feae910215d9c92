// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
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

/** A certificate authority in memory, ECDSA P-256. Its private key is never written. */
final class Issuer {

    /** How far behind a caller's clock may be. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final X500Name subject;
    private final KeyPair keys;
    private final Instant now;
    private final X509Certificate certificate;

    /** A new authority with a key of its own, valid from an hour before that moment. */
    Issuer(String commonName, Instant now, Duration validity) {
        this.subject = new X500Name("CN=" + commonName);
        this.keys = newKeys();
        this.now = now;
        try {
            var builder = builder(subject, keys.getPublic(), validity)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            this.certificate = sign(builder);
        } catch (IOException broken) {
            throw new IllegalStateException("a CA certificate cannot be encoded", broken);
        }
    }

    X509Certificate certificate() {
        return certificate;
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
            var builder = builder(new X500Name(name), leafKeys.getPublic(), validity)
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

    private X509v3CertificateBuilder builder(X500Name name, PublicKey key, Duration validity) throws IOException {
        try {
            var extensions = new JcaX509ExtensionUtils();
            return new JcaX509v3CertificateBuilder(
                            subject,
                            new BigInteger(127, RANDOM).setBit(126),
                            Date.from(now.minus(CLOCK_SKEW)),
                            Date.from(now.plus(validity)),
                            name,
                            key)
                    .addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            extensions.createAuthorityKeyIdentifier(keys.getPublic()));
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("this Java has no SHA-1, which names keys", absent);
        }
    }

    private X509Certificate sign(X509v3CertificateBuilder builder) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
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
