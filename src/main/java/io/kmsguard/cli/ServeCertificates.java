// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.server.CertificateSource;
import io.kmsguard.server.DevelopmentCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The certificate of a server; where it is made for development, its CA is in a file as long as it serves. */
final class ServeCertificates implements AutoCloseable {

    private final CertificateSource source;
    private final Optional<Path> ca;

    /**
     * Takes what is given, or makes one. Its key stays in memory.
     *
     * @param names what one that is made is for, beside this machine
     */
    ServeCertificates(Optional<CertificateSource> given, List<String> names) throws IOException {
        if (given.isPresent()) {
            source = given.get();
            ca = Optional.empty();
        } else {
            var made = DevelopmentCertificates.make(names, Instant.now());
            source = CertificateSource.fixed(made.serving());
            ca = Optional.of(Files.writeString(Files.createTempFile("kms-guard-ca-", ".pem"), made.caPem()));
        }
    }

    CertificateSource source() {
        return source;
    }

    /** The file with the CA that was made. */
    Optional<Path> ca() {
        return ca;
    }

    @Override
    public void close() throws IOException {
        if (ca.isPresent()) {
            Files.deleteIfExists(ca.get());
        }
    }
}
