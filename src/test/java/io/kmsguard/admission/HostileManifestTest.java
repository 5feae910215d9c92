// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What would take a parser down is a problem with a line; the time limits are far above what it takes. */
class HostileManifestTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static ManifestReader.Reading read(String text) {
        return assertTimeoutPreemptively(LIMIT, () -> ManifestReader.read("x", text));
    }

    private static void assertProblem(String text, int line, String message) {
        assertThat(read(text)).satisfies(reading -> {
            assertThat(reading.manifests()).isEmpty();
            assertThat(reading.problems()).containsExactly(new ManifestProblem("x", line, message));
        });
    }

    @Test
    void bounds_nesting_in_flow_style() {
        assertProblem("\na: " + "[".repeat(100_000), 2, "it is nested more than 500 deep");
    }

    @Test
    void bounds_nesting_in_block_style() {
        var text = IntStream.range(0, 3_000)
                .mapToObj(depth -> " ".repeat(depth) + "a:")
                .collect(Collectors.joining("\n"));
        assertProblem(text, 501, "it is nested more than 500 deep");
    }

    @Test
    void bounds_nesting_in_json() {
        assertProblem(
                "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
                1,
                "the JSON is nested more than 500 deep, or a value is too long");
    }

    @Test
    void bounds_the_number_of_aliases() {
        var text = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 10; i++) {
            text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
        }
        assertProblem(text.toString(), 7, "it has too many aliases (50 at most)");
    }

    @Test
    void bounds_what_few_aliases_stand_for() {
        var text = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i < 24; i++) {
            text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(read(text.toString()).problems())
                .extracting(ManifestProblem::message)
                .containsExactly(
                        "its aliases stand for too much (" + (text.length() + 100_000) + " values are read at most)");
    }

    @Test
    void bounds_what_merges_bring_in() {
        var text = new StringBuilder("a0: &a0 {x: 1}\n");
        for (var i = 1; i < 25; i++) {
            text.append("a%d: &a%d {<<: [*a%d, *a%d]}\n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(read(text.toString()).problems())
                .extracting(ManifestProblem::message)
                .containsExactly("its merges (<<) bring in too much");
    }

    @Test
    void refuses_what_contains_itself() {
        assertProblem("a: &a [*a]", 1, "an alias stands inside of what it stands for");
        assertProblem("a: &a\n  <<: *a", 1, "an alias stands inside of what it stands for");
    }

    @Test
    void reads_a_long_value_in_time_that_grows_with_its_length() {
        var text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: \"%s\"\n";
        assertThat(read(text.formatted("9".repeat(20_000_000))).manifests()).hasSize(1);
        assertThat(read(text.replace("\"", "").formatted("9".repeat(20_000_000)))
                        .manifests())
                .hasSize(1);
    }

    @Test
    void refuses_control_characters_with_their_line() {
        assertProblem("a: 1\nb: \"\u0001\"", 2, "it has a control character that YAML does not allow");
    }
}
