// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
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
 * Certificates and private keys out of a PEM file: PKCS#8, and the older forms of OpenSSL (SEC1, PKCS#1). What a parser
 * says of a broken key is never passed on: it may quote it.
 */
final class PemFile {

    private static final Map<ASN1ObjectIdentifier, String> KINDS =
            Map.of(X9ObjectIdentifiers.id_ecPublicKey, "EC", PKCSObjectIdentifiers.rsaEncryption, "RSA");

    /** Bytes. A chain with its key takes some thousands. */
    private static final int LARGEST = 1024 * 1024;

    /** What is wrong with a file, in sentences that name it. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String sentences) {
            super(sentences);
        }

        String sentences() {
            return String.valueOf(getMessage());
        }
    }

    private final Path file;

    PemFile(Path file) {
        this.file = file;
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
        try (var parser = new PEMParser(text())) {
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

    private Reader text() throws Unusable {
        try (var stream = Files.newInputStream(file)) {
            var bytes = stream.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw broken("is larger than %d bytes, which no certificate is.".formatted(LARGEST));
            }
            var text = new String(bytes, StandardCharsets.UTF_8);
            if (text.isBlank()) {
                throw broken("is empty. Is the Secret filled?");
            }
            return new StringReader(text);
        } catch (NoSuchFileException absent) {
            throw broken("is not there. Is the Secret mounted, and has it this key?");
        } catch (IOException unreadable) {
            throw broken("cannot be read (%s). May this process read it?"
                    .formatted(unreadable.getClass().getSimpleName()));
        }
    }

    private Unusable broken(String predicate) {
        return new Unusable(file + " " + predicate);
    }
}
