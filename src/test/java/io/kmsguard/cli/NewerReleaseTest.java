// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A release of Splice that is newer than the newest that is known: nothing of it is refused for being unknown, and it is told. */
class NewerReleaseTest {

    private static final String TOLD =
            "1 object runs Splice 0.9.0, newer than 0.8.0, the newest release that this guard"
                    + " knows. What is new there only brings warnings.";

    @TempDir
    private Path folder;

    private String file = "";

    @BeforeEach
    void write() throws IOException {
        file = participant("0.9.0", "0.9.0");
    }

    private String participant(String tag, String label) throws IOException {
        return Files.writeString(folder.resolve("participant.yaml"), """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: participant
                  namespace: sv
                  labels: {app.kubernetes.io/version: "%2$s", helm.sh/chart: splice-participant-%2$s}
                spec:
                  template:
                    metadata: {labels: {app: participant, helm.sh/chart: splice-participant-%2$s}}
                    spec:
                      containers:
                      - name: participant
                        image: registry.example/canton-participant:%1$s
                        env:
                        - name: ADDITIONAL_CONFIG_KMS
                          value: |
                            canton.participants.participant.crypto {
                              provider = kms
                              enable-experimental = true
                              kms { type = aws, region = us-east-1, custom-tags { a = b } }
                            }
                """.formatted(tag, label))
                .toString();
    }

    private static List<String> found(Cli cli) {
        return StreamSupport.stream(
                        JsonMapper.shared()
                                .readTree(cli.out())
                                .at("/results/0/findings")
                                .spliterator(),
                        false)
                .filter(finding -> finding.path("rule").asString().equals("kms-config"))
                .map(finding -> finding.path("action").asString() + " "
                        + finding.path("message").asString())
                .toList();
    }

    private static String unknown(String action, String key, String text) {
        return action + " container participant: canton.participants.participant.crypto." + key + " " + text + ".";
    }

    @Test
    void its_unknown_fields_are_warnings() {
        var text = " in any release up to 0.8.0, the newest that this guard knows";

        assertThat(found(Cli.run("check", file, "-o", "json")))
                .containsExactly(
                        unknown("warn", "enable-experimental", "is no field of crypto" + text),
                        unknown("warn", "kms.custom-tags", "is no field of type aws" + text));
    }

    /** The image reads the fields, so its release decides, whatever chart rendered it. */
    @Test
    void the_image_decides_where_its_tag_and_the_labels_contradict() throws IOException {
        assertThat(found(Cli.run("check", participant("0.8.0", "0.9.0"), "-o", "json")))
                .containsExactly(
                        unknown("deny", "enable-experimental", "is no field of crypto"),
                        unknown("deny", "kms.custom-tags", "is no field of type aws"));
        assertThat(found(Cli.run("check", participant("0.9.0", "0.8.0"), "-o", "json")))
                .hasSize(2)
                .allMatch(finding -> finding.startsWith("warn "));
    }

    @Test
    void a_tag_that_tells_nothing_leaves_it_to_the_labels() throws IOException {
        for (var tag : List.of("latest", "main", "3.5.14", "abc@sha256:0123")) {
            assertThat(found(Cli.run("check", participant(tag, "0.8.0"), "-o", "json")))
                    .describedAs(tag)
                    .hasSize(2)
                    .allMatch(finding -> finding.startsWith("deny "));
        }
    }

    @Test
    void where_neither_tells_the_unknown_is_a_warning_that_says_so() throws IOException {
        assertThat(found(Cli.run("check", participant("main", "main"), "-o", "json")))
                .hasSize(2)
                .allMatch(finding -> finding.startsWith("warn ")
                        && finding.endsWith("; the release of this object cannot be determined."));
    }

    @Test
    void the_audit_tells_that_it_runs() throws IOException {
        assertThat(Cli.run("audit", file).out().replace("\n", " ")).contains(TOLD);
        assertThat(Jsoup.parse(Cli.run("audit", file, "-o", "html").out())
                        .select("main > section:first-of-type p")
                        .eachText())
                .contains(TOLD);
        var json = Cli.run("audit", file, "-o", "json");
        assertThat(AuditCommandTest.errors(json.out())).isEmpty();
        JsonNode newer = JsonMapper.shared().readTree(json.out()).path("newerThanKnown");
        assertThat(newer)
                .hasToString("{\"newestKnown\":\"0.8.0\",\"objects\":[{\"kind\":\"Deployment\","
                        + "\"namespace\":\"sv\",\"name\":\"participant\",\"version\":\"0.9.0\"}]}");
    }

    @Test
    void the_audit_is_silent_of_what_is_known() throws IOException {
        var known = participant("0.8.0", "0.8.0");

        var json = JsonMapper.shared()
                .readTree(Cli.run("audit", known, "-o", "json").out());
        assertThat(json.has("newerThanKnown")).isFalse();
        assertThat(Cli.run("audit", known).out()).doesNotContain("newer than");
    }
}
