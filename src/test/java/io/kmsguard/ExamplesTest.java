// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the commands of examples/README.md: what that page promises must come out. */
class ExamplesTest {

    private static final String FOLDER = "examples/";
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void an_sv_without_a_key_is_denied() {
        var report = check(1, FOLDER + "sv-without-key");

        assertThat(decisions(report))
                .containsExactly("participant unseen [kms-credentials]", "sv-app deny [governance-key-flag]");
    }

    @Test
    void with_the_key_only_the_secrets_are_unseen() {
        var report = check(0, FOLDER + "sv-with-key");

        assertThat(decisions(report))
                .containsExactly("participant unseen [kms-credentials]", "sv-app unseen [governance-key-secret]");
    }

    @Test
    void a_forgotten_values_file_is_a_migration() {
        var report = check(1, "--old", FOLDER + "forgotten-values/before.yaml", FOLDER + "forgotten-values/after.yaml");

        assertThat(decisions(report)).containsExactly("participant deny [kms-migration]");
    }

    @Test
    void the_readme_shows_what_is_really_said() {
        var report = check(1, "--old", FOLDER + "forgotten-values/before.yaml", FOLDER + "forgotten-values/after.yaml");
        var finding = report.path("results").path(0).path("findings").path(0);

        var readme = String.join(" ", SourceTree.text(Path.of("README.md")).split("\\s+"));
        assertThat(readme)
                .contains(finding.path("message").asString() + " Fix: "
                        + finding.path("fix").asString());
    }

    @Test
    void every_command_of_the_page_is_run_here() {
        var commands = SourceTree.lines(Path.of(FOLDER + "README.md")).stream()
                .filter(line -> line.startsWith("    ./kms-guard "))
                .toList();

        assertThat(commands)
                .containsExactly(
                        "    ./kms-guard check examples/sv-without-key",
                        "    ./kms-guard check examples/sv-with-key",
                        "    ./kms-guard check --old examples/forgotten-values/before.yaml"
                                + " examples/forgotten-values/after.yaml");
    }

    private static JsonNode check(int exitCode, String... arguments) {
        var all = new ArrayList<>(List.of("check", "-o", "json"));
        all.addAll(List.of(arguments));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var code = Main.run(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                all.toArray(String[]::new));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(code).isEqualTo(exitCode);
        return JSON.readTree(out.toByteArray());
    }

    private static List<String> decisions(JsonNode report) {
        return StreamSupport.stream(report.path("results").spliterator(), false)
                .map(result -> result.path("name").asString() + " "
                        + result.path("decision").asString() + " "
                        + result.path("findings").findValuesAsString("rule"))
                .toList();
    }
}
