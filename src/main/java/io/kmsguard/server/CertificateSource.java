// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.nio.file.Path;

/** Where the server's certificate comes from. Asked at start and then again and again, by one thread at a time. */
@FunctionalInterface
public interface CertificateSource {

    /** The certificate as it is now. Never throws for what is wrong with it. */
    Reading read();

    /** What was read last is served from now on. */
    default void served() {}

    /** What came of reading. */
    sealed interface Reading {}

    /** A pair that can serve, though its time may be over or not have come. */
    record Loaded(ServingCertificate certificate) implements Reading {}

    /**
     * Nothing that can serve.
     *
     * @param problem sentences: the file, what is wrong with it, the way out; no key's text
     */
    record Failed(String problem) implements Reading {}

    /** Files {@code tls.crt}, {@code tls.key} and, where it is there, {@code ca.crt}: a Secret as the kubelet mounts it. */
    static CertificateSource directory(Path directory) {
        return new CertificateDirectory(directory);
    }

    /** Two files of any name, with nobody named who vouches for them. */
    static CertificateSource files(Path certificate, Path key) {
        return new CertificateFiles(certificate, key);
    }

    /** Always this one. */
    static CertificateSource fixed(ServingCertificate certificate) {
        return () -> new Loaded(certificate);
    }
}
