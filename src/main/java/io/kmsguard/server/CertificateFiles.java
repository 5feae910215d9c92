// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.nio.file.Path;
import java.util.List;

/** Two files of any name. They are replaced one after the other, so a reading between may find them not to match. */
final class CertificateFiles implements CertificateSource {

    private final Path certificate;
    private final Path key;

    CertificateFiles(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
    }

    @Override
    public Reading read() {
        try {
            var chain = new PemFile(certificate).certificates();
            var pair = ServingCertificate.of(chain, new PemFile(key).privateKey(), List.of());
            return pair.isPresent()
                    ? new Loaded(pair.get())
                    : new Failed(("%s does not belong to %s, which is for another key."
                                    + " Name the key with which the certificate was asked for.")
                            .formatted(key, certificate));
        } catch (PemText.Unusable unusable) {
            return new Failed(unusable.sentences());
        }
    }
}
