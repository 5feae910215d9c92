// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Audits of what the real charts render, at each release. */
class CorpusAuditTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path FOLDER = Path.of("..", "shared", "corpus");

    @BeforeAll
    static void isThere() {
        Corpus.assumePresent(CorpusAuditTest.class);
    }

    private static JsonNode run(String command, String release, String... names) {
        var line = new ArrayList<>(List.of(command, "-o", "json", "-n", "sv"));
        Stream.of(names)
                .forEach(name ->
                        line.add(FOLDER.resolve(release).resolve(name + ".yaml").toString()));
        var out = new ByteArrayOutputStream();
        Main.run(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                System.err,
                Map.of(),
                line.toArray(String[]::new));
        return JSON.readTree(out.toString(StandardCharsets.UTF_8));
    }

    private static String row(String release, String... names) {
        return run("audit", release, names)
                .path("fleet")
                .valueStream()
                .map(row -> Stream.of("/kind", "/keys", "/governanceKey", "/flag", "/decision")
                                .map(field -> row.at(field).asString())
                                .toList()
                        + " " + row.at("/participant").isMissingNode())
                .toList()
                .toString();
    }

    @Test
    void each_release_shows_its_state() {
        for (var release : Corpus.releases()) {
            assertThat(List.of(
                            row(release, "participant-kms-gcp-sample", "sv-cometbft-default"),
                            row(release, "participant-kms-gcp-sample", "sv-external-key"),
                            row(release, "participant-no-kms", "sv-cometbft-default"),
                            row(release, "participant-kms-aws-sample"),
                            row(release, "participant-no-kms")))
                    .as(release)
                    .containsExactly(
                            "[[sv, kms, absent, missing, deny] false]",
                            "[[sv, kms, absent, set, unseen] false]",
                            "[[sv, own, not-needed, not-needed, allow] false]",
                            "[[participant, kms, not-needed, not-needed, warn] false]",
                            "[]");
        }
    }

    private static List<String> findings(JsonNode report) {
        return report.path("results")
                .valueStream()
                .flatMap(result -> result.path("findings")
                        .valueStream()
                        .map(finding -> result.path("kind").asString() + " "
                                + result.path("name").asString() + ": "
                                + finding.path("action").asString() + " "
                                + finding.path("message").asString()))
                .sorted()
                .toList();
    }

    @Test
    void an_audit_finds_what_a_check_finds() {
        for (var release : Corpus.releases()) {
            for (var name : Corpus.names(release)) {
                assertThat(findings(run("audit", release, name)))
                        .as(release + "/" + name)
                        .isEqualTo(findings(run("check", release, name)));
            }
        }
    }
}
