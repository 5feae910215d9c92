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
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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

    /** Of which the guard is the one who renews them, made that long ago. */
    private Map<String, String> managed(Duration ago) throws IOException {
        var then = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(ago);
        var managed = new ManagedCertificates("s", "guard.kms.svc");
        var authority = managed.plan(Map.of(), "", then).change().orElseThrow();
        var both =
                managed.plan(authority.texts(), "", then).change().orElseThrow().texts();
        for (var each : both.entrySet()) {
            Files.writeString(folder.resolve(each.getKey()), each.getValue());
        }
        return both;
    }

    @Test
    void warns_of_a_renewal_that_is_overdue() throws IOException {
        managed(Duration.ofDays(60).plusMinutes(50));
        Cli.run("certs", "check", dir()).says(0, "All is well with " + dir() + ".");

        managed(Duration.ofDays(60).plusMinutes(70));
        var checked = Cli.run("certs", "check", dir());

        assertThat(checked.exitCode()).isZero();
        assertThat(checked.out())
                .matches("Warning: " + Pattern.quote(dir())
                        + ": tls\\.crt was to be made anew from [-0-9T:]+Z on, and was not; its time is over at"
                        + " [-0-9T:]+Z\\. No replica leads, or the leader may not write: the holder of the guard's Lease"
                        + " and the log of that pod tell\\.\n");
        assertThat(Cli.run("certs", "show", dir()).out())
                .contains("\n  overdue: " + dir() + ": tls.crt was to be made anew from ");

        Files.delete(folder.resolve("ca.key"));
        Cli.run("certs", "check", dir()).says(0, "All is well with " + dir() + ".");
    }

    @Test
    void an_authority_that_should_have_been_replaced_is_told_and_one_that_has_ended_is_wrong() throws IOException {
        var both = managed(Duration.ofDays(250));
        var fresh = new ManagedCertificates("s", "guard.kms.svc")
                .plan(both, "", Instant.now().minus(Duration.ofDays(20)))
                .change()
                .orElseThrow()
                .texts();
        Files.writeString(
                folder.resolve("tls.crt"),
                Optional.ofNullable(fresh.get("tls.crt")).orElseThrow());
        Files.writeString(
                folder.resolve("tls.key"),
                Optional.ofNullable(fresh.get("tls.key")).orElseThrow());

        var checked = Cli.run("certs", "check", dir());

        assertThat(checked.out()).startsWith("Warning: " + dir() + ": ca.crt was to be made anew from ");
        assertThat(checked.out().lines()).hasSize(1);
        assertThat(checked.exitCode()).isZero();

        managed(Duration.ofDays(91));
        var over = Cli.run("certs", "check", dir());
        assertThat(over.out()).startsWith(dir() + ": tls.crt cannot serve: it expired at ");
        assertThat(over.out().lines()).hasSize(1);
        assertThat(over.exitCode()).isEqualTo(1);
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
