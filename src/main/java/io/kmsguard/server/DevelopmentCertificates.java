// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;

/** A certificate made on the spot, with an authority of its own, for a try on one machine. Not for a cluster. */
public final class DevelopmentCertificates {

    private static final List<String> LOCAL = List.of("localhost", "127.0.0.1", "::1");
    private static final Duration VALIDITY = Duration.ofDays(30);

    private final X509Certificate authority;
    private final ServingCertificate serving;

    private DevelopmentCertificates(X509Certificate authority, ServingCertificate serving) {
        this.authority = authority;
        this.serving = serving;
    }

    /**
     * A new authority and a certificate of it for 30 days, valid from an hour before that moment.
     *
     * @param names DNS names and addresses beside {@code localhost}, {@code 127.0.0.1} and {@code ::1}
     */
    public static DevelopmentCertificates make(List<String> names, Instant now) {
        var all = new LinkedHashSet<>(LOCAL);
        all.addAll(names);
        var issuer = new Issuer("kms-guard development CA", now, VALIDITY);
        return new DevelopmentCertificates(issuer.certificate(), issuer.server(List.copyOf(all), VALIDITY));
    }

    /** The pair to serve with. */
    public ServingCertificate serving() {
        return serving;
    }

    /** The authority's certificate as PEM, for a client to trust. */
    public String caPem() {
        return PemText.of(authority);
    }

    /**
     * Writes {@code tls.crt}, {@code tls.key} (mode 0600 from its first byte on) and {@code ca.crt}, each at once, in the
     * place of what was there. The key is written last: a reader between sees a mismatch, never a lone new key.
     *
     * @throws IOException where the directory cannot be written
     */
    public void writeTo(Path directory) throws IOException {
        Files.createDirectories(directory);
        write(directory.resolve("ca.crt"), caPem(), "rw-r--r--");
        write(directory.resolve("tls.crt"), PemText.of(serving.leaf()), "rw-r--r--");
        write(directory.resolve("tls.key"), PemText.of(serving.key()), "rw-------");
    }

    private static void write(Path file, String text, String mode) throws IOException {
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
        var fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, permissions);
        Files.writeString(fresh, text, StandardCharsets.US_ASCII);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
