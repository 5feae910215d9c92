// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Workloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyOptionTest {

    private static final String HEAD = "apiVersion: kms-guard.io/v1\nkind: GuardPolicy\n";

    @TempDir
    private Path folder;

    private Path policy(String text) throws IOException {
        return Files.writeString(folder.resolve("policy.yaml"), HEAD + text);
    }

    private static Cli check(Path policy, String... more) {
        var args = new ArrayList<>(List.of("check", "--policy", policy.toString(), Cli.fixture("participant.yaml")));
        Stream.of(more).map(Cli::fixture).forEach(args::add);
        return Cli.run(args.toArray(String[]::new));
    }

    @Test
    void check_judges_by_the_actions_of_the_file() throws IOException {
        assertThat(check(policy("")).exitCode()).isZero();
        var strict = check(policy("rules: {kms-credentials: deny}\n"));
        assertThat(strict.exitCode()).isEqualTo(1);
        assertThat(strict.out()).contains("kms-credentials (advisable, deny)");
        assertThat(check(policy("rules: {kms-credentials: 'off'}\n")).out()).doesNotContain("kms-credentials");
    }

    @Test
    void check_injects_what_the_file_lets_it_from_where_the_file_says() throws IOException {
        var injected =
                "would be injected: env GOOGLE_APPLICATION_CREDENTIALS, volume and mount gcp-credentials from Secret"
                        + " gke-credentials";
        assertThat(check(policy(""), "credentials.yaml").out()).contains(injected);
        assertThat(check(policy("injection: {credentials: 'off'}\n"), "credentials.yaml")
                        .out())
                .doesNotContain("would be injected");
        assertThat(check(policy("secrets: {gcp: {name: other}}\n"), "credentials.yaml")
                        .out())
                .doesNotContain("would be injected");
    }

    @Test
    void a_file_with_anything_wrong_is_refused_by_both_commands() throws IOException {
        var file = policy("onUnknwon: warn\nrules:\n  kms-mod: warn\n");
        var told = "kms-guard: " + file + ":3: unknown key onUnknwon in the policy; did you mean onUnknown?\n"
                + "kms-guard: " + file + ":5: unknown key kms-mod in rules; did you mean kms-mode?\n";
        assertThat(check(file)).isEqualTo(new Cli(2, "", told));
        assertThat(Cli.run("serve", "--self-signed", "--manifests", folder.toString(), "--policy", file.toString()))
                .isEqualTo(new Cli(2, "", told));
    }

    @Test
    void a_file_that_cannot_be_read_is_refused() throws IOException {
        var absent = folder.resolve("absent.yaml");
        assertThat(check(absent)).isEqualTo(new Cli(2, "", "kms-guard: " + absent + ": there is no such file\n"));
        assertThat(check(folder)).isEqualTo(new Cli(2, "", "kms-guard: " + folder + ": the file cannot be read\n"));
        var binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(check(binary)).isEqualTo(new Cli(2, "", "kms-guard: " + binary + ": the file is no UTF-8 text\n"));
        var large = Files.write(folder.resolve("large"), new byte[4_000_001]);
        assertThat(check(large))
                .isEqualTo(new Cli(2, "", "kms-guard: " + large + ": the file is too large to be a policy\n"));
    }

    @Test
    void check_tells_of_each_exception_that_has_ended_once_and_judges_as_before() throws IOException {
        var file = policy("""
                exceptions:
                - {rule: kms-mode, namespace: sv, name: participant, owner: jane@example.com, reason: r, until: 2026-01-31}
                - {rule: kms-config, namespace: sv, owner: joe@example.com, reason: s, until: 2026-02-28}
                - {rule: kms-config, namespace: sv, owner: joe@example.com, reason: t, until: 9999-12-31}
                """);
        var text = check(file);
        assertThat(text.exitCode()).isZero();
        assertThat(text.out()).contains("""
                ended    the exception from kms-mode for sv/participant, owner jane@example.com, ended on 2026-01-31 and does nothing.
                ended    the exception from kms-config for sv/*, owner joe@example.com, ended on 2026-02-28 and does nothing.

                0 denied""");
        var json = check(file, "-o", "json").out();
        assertThat(json).contains("""
                  "expiredExceptions": [
                    {
                      "rule": "kms-mode",
                      "namespace": "sv",
                      "name": "participant",
                      "owner": "jane@example.com",
                      "reason": "r",
                      "until": "2026-01-31"
                    },
                    {
                      "rule": "kms-config",
                      "namespace": "sv",
                      "owner": "joe@example.com",
                      "reason": "s",
                      "until": "2026-02-28"
                    }
                  ]
                """);
        assertThat(CheckGoldenTest.errors(json)).isEmpty();
    }

    @Test
    void check_sees_an_uninstall_and_install_by_the_state_before() throws IOException {
        var old = Files.writeString(
                folder.resolve("old.yaml"),
                Workloads.kmsParticipant().named("old").json().toString());
        var now = Files.writeString(
                folder.resolve("now.yaml"), Workloads.participant().json().toString());
        var report = Cli.run("check", "-n", "sv", "--old", old.toString(), now.toString());
        assertThat(report.exitCode()).isEqualTo(1);
        assertThat(report.out()).contains("kms-identity-reuse (irreversible, deny)");
        assertThat(Cli.run("check", "-n", "sv", now.toString(), old.toString()).out())
                .doesNotContain("kms-identity-reuse");
    }

    @Test
    void serve_takes_a_changed_file_and_tells_of_one_that_it_cannot_use() throws Exception {
        var mount = Files.createDirectory(folder.resolve("mount"));
        var world = Files.createDirectory(folder.resolve("world"));
        version(mount, "v1", "rules: {governance-key-flag: warn}\n");
        Files.createSymbolicLink(mount.resolve("policy.yaml"), Path.of("..data", "policy.yaml"));
        Files.writeString(world.resolve("p.yaml"), RunningServe.manifest("participant-kms"));
        var policy = mount.resolve("policy.yaml");
        try (var serve = RunningServe.selfSigned("--manifests", world.toString(), "--policy", policy.toString())) {
            assertThat(allowed(serve)).isTrue();
            version(mount, "v2", "rules: {governance-key-flg: deny}\n");
            assertThat(serve.ready("cannot be used"))
                    .contains("[+]policy ok: the policy of ")
                    .contains(": " + policy + ":3: unknown key governance-key-flg in rules; did you mean")
                    .contains("readyz check passed");
            assertThat(allowed(serve)).isTrue();
            version(mount, "v3", "rules: {governance-key-flag: deny}\n");
            assertThat(serve.ready("[+]policy ok\n")).contains("[+]policy ok\n");
            assertThat(allowed(serve)).isFalse();
            assertThat(serve.events())
                    .extracting("formattedMessage")
                    .contains("keeping the policy that was in force", "judging by another policy");
        }
    }

    private static boolean allowed(RunningServe serve) throws Exception {
        return serve.review("/validate", RunningServe.deployment("sv-without-flag"))
                .path("allowed")
                .asBoolean();
    }

    /** As the kubelet swaps a ConfigMap: a link of the folder is renamed over. */
    private static void version(Path mount, String name, String text) throws IOException {
        Files.writeString(Files.createDirectory(mount.resolve(name)).resolve("policy.yaml"), HEAD + text);
        Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(name));
        Files.move(mount.resolve("..data_tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }
}
