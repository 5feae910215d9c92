// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.rule.Rules;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainTest {

    @Test
    void shows_help_for_itself_and_for_each_command() {
        assertThat(Cli.run("--help").exitCode()).isZero();
        assertThat(Cli.run("--help").out()).contains("Examples:", "check", "explain", "Exit codes:");
        assertThat(Cli.run("check", "--help").out()).contains("Examples:", "--old", "--fail-on", "Exit codes:");
        assertThat(Cli.run("explain", "--help").out()).contains("Examples:", "kms-guard explain governance-key-flag");
        assertThat(Cli.run("effective", "--help").out()).contains("Examples:", "-o json", "Exit codes:");
    }

    @Test
    void shows_help_on_standard_error_where_no_command_is_named() {
        var cli = Cli.run();
        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.out()).isEmpty();
        assertThat(cli.err()).startsWith("Usage: kms-guard");
    }

    @Test
    void shows_its_version() {
        assertThat(Cli.run("--version")).isEqualTo(new Cli(0, "kms-guard (not built as a jar)\n", ""));
    }

    @Test
    void suggests_what_was_meant() {
        assertRefused(
                Cli.run("chek"),
                "kms-guard: Unmatched argument at index 0: 'chek'",
                "Did you mean: kms-guard check?",
                "Try: kms-guard --help");
        assertRefused(
                Cli.run("check", "--outptu", "json"),
                "kms-guard: Unknown option: '--outptu'",
                "Possible solutions: --output",
                "Try: kms-guard check --help");
        assertRefused(
                Cli.run("explain", "kms-migratoin"),
                "kms-guard: there is no rule and no file kms-migratoin; did you mean kms-migration?",
                "Try: kms-guard explain --help");
        assertRefused(
                Cli.run("explain", "xyz"),
                "kms-guard: there is no rule and no file xyz",
                "Try: kms-guard explain --help");
    }

    private static void assertRefused(Cli cli, String... lines) {
        assertThat(cli).isEqualTo(new Cli(2, "", String.join("\n", lines) + "\n"));
    }

    @Test
    void refuses_a_value_that_an_option_does_not_have() {
        assertRefused(
                Cli.run("check", "-o", "yaml", "-"),
                "kms-guard: Invalid value for option '--output': yaml is none of text, json, sarif, junit",
                "Try: kms-guard check --help");
    }

    @Test
    void lists_the_rules() {
        var cli = Cli.run("explain");
        assertThat(cli.exitCode()).isZero();
        assertThat(cli.out().lines().findFirst())
                .hasValue("RULE                       CLASS         DEFAULT  WHAT IT CATCHES");
        assertThat(cli.out()).contains("\nkms-migration              irreversible  deny     ");
    }

    @Test
    void prints_the_very_page_of_a_rule() throws IOException {
        for (var rule : Rules.all()) {
            var page = Path.of(rule.info().page());
            // That each rule has one is another test's business.
            if (Files.exists(page)) {
                assertThat(Cli.run("explain", rule.info().id())).isEqualTo(new Cli(0, Files.readString(page), ""));
            }
        }
    }

    @Test
    void says_how_to_report_a_bug_without_quoting_the_input() throws IOException {
        try (var broken = new Broken()) {
            var plain = bug(broken, Map.of());
            assertThat(plain)
                    .matches(
                            "kms-guard: this is a bug: IllegalStateException at io\\.kmsguard\\.cli\\.MainTest\\$Broken:\\d+\\."
                                    + " Please report it with the output of KMS_GUARD_DEBUG=1 \\(it quotes no input\\)\\.\n");
            assertThat(bug(broken, Map.of("KMS_GUARD_DEBUG", "1")))
                    .contains("java.lang.IllegalStateException\n    at io.kmsguard.cli.MainTest$Broken")
                    .doesNotContain("hunter2");
        }
    }

    private static String bug(InputStream in, Map<String, String> env) {
        var err = new java.io.ByteArrayOutputStream();
        var out = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var code = Main.run(in, out, new PrintStream(err, true, StandardCharsets.UTF_8), env, "check", "-");
        assertThat(code).isEqualTo(2);
        return err.toString(StandardCharsets.UTF_8);
    }

    private static final class Broken extends InputStream {
        @Override
        public int read() {
            throw new IllegalStateException("hunter2");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            return read();
        }
    }
}
