// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kmsguard.policy.rule.Rules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real bash reads the script, and is asked what a tab would show. */
class CompletionCommandTest {

    /** Does what bash does at a tab: calls the function that is registered for the command, with the words so far. */
    private static final String TAB = """
            set -eu
            source "$1"
            shift
            registered=$(complete -p kms-guard)
            function=${registered#*-F }
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            COMP_LINE="$*"
            COMP_POINT=${#COMP_LINE}
            "${function%% *}" >&2
            printf '%s\\n' "${COMPREPLY[@]}"
            """;

    @TempDir
    private Path folder;

    private Path script = Path.of("");

    @BeforeEach
    void print() throws IOException {
        var cli = Cli.run("completion");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isZero();
        script = Files.writeString(folder.resolve("completion.bash"), cli.out());
    }

    private List<String> complete(String... words) throws IOException, InterruptedException {
        assumeTrue(isThere("bash"), "there is no bash");
        var command = new ArrayList<>(List.of("bash", "--norc", "-c", TAB, "tab", script.toString()));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(folder.toFile())
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said.lines().toList();
    }

    private static boolean isThere(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "-c", "true").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    @Test
    void completes_commands_options_and_values() throws IOException, InterruptedException {
        assertThat(complete("kms-guard", "che")).containsExactly("check");
        assertThat(complete("kms-guard", "check", "--fail-")).containsExactly("--fail-on");
        assertThat(complete("kms-guard", "check", "--fail-on", ""))
                .containsExactly("deny", "warn", "unseen", "unrendered");
        assertThat(complete("kms-guard", "check", "-o", "")).containsExactly("text", "json", "sarif", "junit");
        assertThat(complete("kms-guard", "keys", "ver")).containsExactly("verify");
        assertThat(complete("kms-guard", "completion", "z")).containsExactly("zsh");
    }

    @Test
    void completes_the_rules_to_explain() throws IOException, InterruptedException {
        assertThat(complete("kms-guard", "explain", ""))
                .containsExactlyElementsOf(
                        Rules.all().stream().map(rule -> rule.info().id()).toList());
    }

    @Test
    void leaves_files_to_the_shell() throws IOException {
        assertThat(Files.readString(script))
                .contains("complete -F _complete_kms-guard -o default kms-guard")
                .doesNotContain("+o default");
    }

    @Test
    void has_one_script_for_both_shells_and_none_for_others() throws IOException {
        assertThat(Cli.run("completion", "bash").out()).isEqualTo(Files.readString(script));
        assertThat(Cli.run("completion", "zsh").out()).isEqualTo(Files.readString(script));
        assertThat(Cli.run("completion", "fish"))
                .isEqualTo(new Cli(
                        2,
                        "",
                        "kms-guard: Invalid value for positional parameter at index 0 (SHELL): fish is none of bash,"
                                + " zsh\nTry: kms-guard completion --help\n"));
    }
}
