// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
