// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A certificate authority for tests that need files: a control plane of their own. */
public final class TestAuthority {

    private static final Duration DAY = Duration.ofDays(1);

    private final Issuer issuer = new Issuer("test", Instant.now(), DAY);
    private final Path folder;

    /** Writes {@code ca.crt} into that folder, and later each certificate as {@code NAME.crt} and {@code NAME.key}. */
    public TestAuthority(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(ca(), PemText.of(issuer.certificate()), StandardCharsets.US_ASCII);
    }

    public Path ca() {
        return folder.resolve("ca.crt");
    }

    public Path certificate(String name) {
        return folder.resolve(name + ".crt");
    }

    public Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** For those DNS names and addresses. */
    public void server(String name, List<String> names) throws IOException {
        write(name, issuer.server(names, DAY));
    }

    /**
     * For a client.
     *
     * @param subject its common name, and what follows it: {@code admin,O=system:masters}
     */
    public void client(String name, String subject) throws IOException {
        write(name, issuer.client(subject, DAY));
    }

    /** A key alone, {@code NAME.key}. */
    public void keyOnly(String name) throws IOException {
        Files.writeString(key(name), Pem.pkcs8(Pem.keys("RSA").getPrivate()), StandardCharsets.US_ASCII);
    }

    private void write(String name, ServingCertificate pair) throws IOException {
        Files.writeString(certificate(name), PemText.of(pair.leaf()), StandardCharsets.US_ASCII);
        Files.writeString(key(name), Pem.pkcs8(pair.key()), StandardCharsets.US_ASCII);
    }
}
