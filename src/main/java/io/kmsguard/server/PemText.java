// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Certificates and private keys out of PEM: PKCS#8, and the older forms of OpenSSL (SEC1, PKCS#1). What a parser says of a
 * broken key is never passed on: it may quote it.
 */
final class PemText {

    private static final Map<ASN1ObjectIdentifier, String> KINDS =
            Map.of(X9ObjectIdentifiers.id_ecPublicKey, "EC", PKCSObjectIdentifiers.rsaEncryption, "RSA");

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** What is wrong with a text, in sentences that name where it stands. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String sentences) {
            super(sentences);
        }

        String sentences() {
            return String.valueOf(getMessage());
        }
    }

    private final String place;
    private final String text;

    /**
     * @param place what a message calls it: a file, or a key of a Secret
     */
    PemText(String place, String text) {
        this.place = place;
        this.text = text;
    }

    /** A certificate as PEM. */
    static String of(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("a certificate that was read or made cannot be encoded", impossible);
        }
    }

    /** A private key as PEM, PKCS#8. */
    static String of(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    private static String block(String kind, byte[] der) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, LINES.encodeToString(der));
    }

    /** All certificates in it, in order; at least one. */
    List<X509Certificate> certificates() throws Unusable {
        var converter = new JcaX509CertificateConverter();
        var certificates = new ArrayList<X509Certificate>();
        for (var object : objects()) {
            if (object instanceof X509CertificateHolder holder) {
                try {
                    certificates.add(converter.getCertificate(holder));
                } catch (CertificateException broken) {
                    throw broken("holds a certificate that cannot be read. Write it again.");
                }
            }
        }
        if (certificates.isEmpty()) {
            throw broken("holds no certificate. Put a PEM block there that begins with -----BEGIN CERTIFICATE-----.");
        }
        return certificates;
    }

    /** The first private key in it. */
    PrivateKey privateKey() throws Unusable {
        for (var object : objects()) {
            if (object instanceof PEMKeyPair pair) {
                return key(pair.getPrivateKeyInfo());
            }
            if (object instanceof PrivateKeyInfo info) {
                return key(info);
            }
            if (object instanceof PEMEncryptedKeyPair || object instanceof PKCS8EncryptedPrivateKeyInfo) {
                throw broken("holds an encrypted private key. Store it without a password; the Secret protects it.");
            }
        }
        throw broken("holds no private key. Put a PEM block there that begins with -----BEGIN PRIVATE KEY-----.");
    }

    private PrivateKey key(PrivateKeyInfo info) throws Unusable {
        // Java's TLS takes no other kinds. Bouncy Castle's converter asks Java for "ECDSA", which it has under "EC"
        // only.
        var algorithm = KINDS.get(info.getPrivateKeyAlgorithm().getAlgorithm());
        try {
            if (algorithm != null) {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
            }
        } catch (IOException | GeneralSecurityException broken) {
            throw broken("holds a private key that cannot be read. Write it again.");
        }
        throw broken("holds a private key of a kind that TLS here does not take. Use ECDSA (P-256) or RSA.");
    }

    private List<Object> objects() throws Unusable {
        var objects = new ArrayList<>();
        try (var parser = new PEMParser(new StringReader(text))) {
            for (var object = parser.readObject(); object != null; object = parser.readObject()) {
                objects.add(object);
            }
        } catch (IOException | RuntimeException notPem) {
            throw broken("is damaged PEM. Write it again.");
        }
        if (objects.isEmpty()) {
            throw broken("is not PEM. It must hold blocks that begin with -----BEGIN.");
        }
        return objects;
    }

    private Unusable broken(String predicate) {
        return new Unusable(place + " " + predicate);
    }
}
