// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Certificates and private keys out of a PEM file, read anew each time. */
final class PemFile {

    /** Bytes. A chain with its key takes some thousands. */
    private static final int LARGEST = 1024 * 1024;

    private final Path file;

    PemFile(Path file) {
        this.file = file;
    }

    /** All certificates in it, in order; at least one. */
    List<X509Certificate> certificates() throws PemText.Unusable {
        return text().certificates();
    }

    /** The first private key in it. */
    PrivateKey privateKey() throws PemText.Unusable {
        return text().privateKey();
    }

    private PemText text() throws PemText.Unusable {
        try (var stream = Files.newInputStream(file)) {
            var bytes = stream.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw broken("is larger than %d bytes, which no certificate is.".formatted(LARGEST));
            }
            var text = new String(bytes, StandardCharsets.UTF_8);
            if (text.isBlank()) {
                throw broken("is empty. Is the Secret filled?");
            }
            return new PemText(file.toString(), text);
        } catch (NoSuchFileException absent) {
            throw broken("is not there. Is the Secret mounted, and has it this key?");
        } catch (IOException unreadable) {
            throw broken("cannot be read (%s). May this process read it?"
                    .formatted(unreadable.getClass().getSimpleName()));
        }
    }

    private PemText.Unusable broken(String predicate) {
        return new PemText.Unusable(file + " " + predicate);
    }
}
