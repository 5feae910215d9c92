// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A directory as the kubelet mounts a Secret: the files are symbolic links through {@code ..data}, which is swapped in one
 * step. It is resolved once for each reading, so that certificate and key are of one version.
 */
final class CertificateDirectory implements CertificateSource {

    private static final int SWAPS = 3;

    private final Path directory;

    CertificateDirectory(Path directory) {
        this.directory = directory;
    }

    @Override
    public Reading read() {
        for (int swaps = 0; ; swaps++) {
            try {
                var version = version();
                var reading = read(version);
                // The kubelet removes the old version after the swap, maybe while it was read.
                if (reading instanceof Loaded || swaps == SWAPS || version.equals(version())) {
                    return reading;
                }
            } catch (IOException absent) {
                return new Failed(directory + " is no directory that can be read. Is the Secret mounted there?");
            }
        }
    }

    private Path version() throws IOException {
        var data = directory.resolve("..data");
        return (Files.isSymbolicLink(data) ? data : directory).toRealPath();
    }

    private Reading read(Path version) {
        try {
            var chain = new PemFile(version.resolve("tls.crt")).certificates();
            var key = new PemFile(version.resolve("tls.key")).privateKey();
            var pair = ServingCertificate.of(chain, key, authorities(version.resolve("ca.crt")));
            return pair.isPresent()
                    ? new Loaded(pair.get())
                    : new Failed(("%s does not belong to tls.crt beside it, which is for another key."
                                    + " Put the key there with which the certificate was asked for.")
                            .formatted(version.resolve("tls.key")));
        } catch (PemText.Unusable unusable) {
            return new Failed(unusable.sentences());
        }
    }

    private static List<X509Certificate> authorities(Path file) throws PemText.Unusable {
        return Files.exists(file) ? new PemFile(file).certificates() : List.of();
    }
}
