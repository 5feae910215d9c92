// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.server.DevelopmentCertificates;
import io.kmsguard.server.ManagedCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over folders; a cluster's certificates are shown and checked in the e2e tests. */
class CertsCommandTest {

    @TempDir
    private Path folder;

    private String dir() {
        return folder.toString();
    }

    @Test
    void makes_what_serve_takes_and_check_approves_of() throws IOException {
        var certs = folder.resolve("certs");
        var made = Cli.run("certs", "make", certs.toString(), "--name", "guard.test");

        assertThat(made.exitCode()).isZero();
        assertThat(made.out())
                .startsWith("Made ca.crt, tls.crt and tls.key in " + certs
                        + ", for localhost, 127.0.0.1, 0:0:0:0:0:0:0:1, guard.test, until ")
                .endsWith("\nTry: kms-guard serve --host 127.0.0.1 --tls-dir " + certs + "\n");
        assertThat(Files.getPosixFilePermissions(certs.resolve("tls.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        Cli.run("certs", "check", certs.toString()).says(0, "All is well with " + certs + ".");
        Cli.run("certs", "check", certs.toString(), "--server-name", "guard.test")
                .says(0, "All is well with " + certs + ".");
        Cli.run("certs", "check", certs.toString(), "--server-name", "g.kms.svc")
                .says(
                        1,
                        certs + ": tls.crt is for [localhost, 127.0.0.1, 0:0:0:0:0:0:0:1, guard.test], not for"
                                + " g.kms.svc.");
    }

    @Test
    void shows_for_whom_how_long_and_by_whom_and_never_a_key() throws IOException {
        var then = Instant.parse("2026-01-01T00:00:00Z");
        var managed = new ManagedCertificates("s", "guard.kms.svc");
        var authority = managed.plan(Map.of(), "", then).change().orElseThrow();
        var both =
                managed.plan(authority.texts(), "", then).change().orElseThrow().texts();
        for (var each : both.entrySet()) {
            Files.writeString(folder.resolve(each.getKey()), each.getValue());
        }

        var shown = Cli.run("certs", "show", dir());

        assertThat(shown.out()).startsWith("""
                %s
                  certificate   CN=kms-guard for guard.kms.svc
                                from 2025-12-31T23:00:00Z until 2026-04-01T00:00:00Z, issued by CN=kms-guard CA of \
                2026-01-01T00:00:00Z
                                the guard makes a new one from 2026-03-02T00:00:00Z on
                  authority     CN=kms-guard CA of 2026-01-01T00:00:00Z
                                from 2025-12-31T23:00:00Z until 2027-01-01T00:00:00Z
                                the guard makes a new one from 2026-09-01T08:00:00Z on
                """.formatted(dir()));
        assertThat(shown.out()).doesNotContain("PRIVATE");
        assertThat(shown.exitCode()).isZero();
    }

    @Test
    void checks_time_key_and_who_vouches() throws IOException {
        var old = DevelopmentCertificates.make(List.of(), Instant.now().minus(Duration.ofDays(100)));
        old.writeTo(folder);
        var expired = Cli.run("certs", "check", dir());
        assertThat(expired.exitCode()).isEqualTo(1);
        assertThat(expired.out())
                .isEqualTo("%1$s: tls.crt cannot serve: it expired at %2$s.%n"
                                .formatted(dir(), old.serving().notAfter())
                        + "%s: in ca.crt CN=kms-guard development CA, who vouches for the certificate, is not valid now"
                                .formatted(dir())
                        + " (from %s until %s).%n"
                                .formatted(
                                        old.serving().leaf().getNotBefore().toInstant(),
                                        old.serving().notAfter()));

        var fresh = DevelopmentCertificates.make(List.of(), Instant.now());
        fresh.writeTo(folder);
        Files.writeString(folder.resolve("ca.crt"), old.caPem());
        Cli.run("certs", "check", dir()).says(1, dir() + ": in ca.crt nobody vouches for the certificate.");

        Files.delete(folder.resolve("ca.crt"));
        Cli.run("certs", "check", dir()).says(0, "All is well with " + dir() + ".");

        Files.writeString(folder.resolve("tls.key"), "hello");
        Cli.run("certs", "check", dir())
                .says(1, dir() + ": tls.key is not PEM. It must hold blocks that begin with -----BEGIN.");
    }

    @Test
    void wants_one_place() {
        var none = Cli.run("certs", "check");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err())
                .isEqualTo("kms-guard: Say which certificates: a folder DIR, or --installed-as NAME for those in a"
                        + " cluster.\n");
        assertThat(Cli.run("certs", "show", dir(), "--namespace", "x").err())
                .isEqualTo("kms-guard: --namespace needs --installed-as NAME.\n");
        assertThat(Cli.run("certs", "show", "--installed-as", "Guard!", "--namespace", "x")
                        .err())
                .isEqualTo("kms-guard: 'Guard!' is no name of a Service or a namespace in Kubernetes.\n");
        assertThat(Cli.run("certs", "show", dir() + "/none").err())
                .isEqualTo("kms-guard: " + dir() + "/none is no folder.\n");
        assertThat(Cli.run("certs").exitCode()).isEqualTo(2);
    }
}
