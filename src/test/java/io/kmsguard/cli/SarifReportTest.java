// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.policy.rule.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SarifReportTest {

    private static final JsonMapper JSON = new JsonMapper();

    /** An SV app with a plain private key, and a name of choice. */
    private static final String PLAIN_KEY = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: "NAME", namespace: sv}
            spec:
              template:
                spec:
                  containers:
                    - name: "CONTAINER"
                      image: sv-app:0.7.3
                      env:
                        - {name: SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY, value: hunter2}
            """;

    @TempDir
    private Path folder;

    private static JsonNode run(Cli cli) throws IOException {
        assertThat(cli.err()).isEmpty();
        assertThat(Sarif.errors(cli.out())).isEmpty();
        return JSON.readTree(cli.out()).at("/runs/0");
    }

    private static JsonNode check(String manifests, String... args) throws IOException {
        var all = new ArrayList<>(List.of("-o", "sarif"));
        all.addAll(List.of(args));
        return run(Cli.checkText(manifests, all.toArray(String[]::new)));
    }

    private static String svApp(String name, String container) {
        return PLAIN_KEY.replace("NAME", name).replace("CONTAINER", container);
    }

    private static List<String> fingerprints(JsonNode run) {
        return run.get("results")
                .valueStream()
                .map(result ->
                        result.at("/partialFingerprints/kmsGuardFinding~1v1").asString())
                .toList();
    }

    @Test
    void is_held_to_the_official_schema() throws IOException {
        var log = Cli.check("participant.yaml", "-o", "sarif").out();
        assertThat(Sarif.errors(log)).isEmpty();
        assertThat(Sarif.errors(log.replace("\"warning\"", "\"maybe\""))).isNotEmpty();
        assertThat(Sarif.errors(log.replace("\"startLine\": 28", "\"startLine\": 0")))
                .isNotEmpty();
        assertThat(Sarif.errors(log.replace("\"uri\": \"", "\"uri\": \"a b"))).isNotEmpty();
        assertThat(Sarif.errors(log.replace("\"results\"", "\"findings\""))).isNotEmpty();
    }

    @Test
    void tells_every_rule_with_its_page() throws IOException {
        var rules = check("").at("/tool/driver/rules");
        assertThat(rules)
                .extracting(rule -> rule.get("id").asString())
                .containsExactlyElementsOf(
                        Rules.all().stream().map(rule -> rule.info().id()).toList());
        for (var rule : rules) {
            var page = Cli.run("explain", rule.get("id").asString()).out();
            assertThat(rule.at("/help/markdown").asString()).isEqualTo(page);
            assertThat(rule.at("/help/text").asString()).isEqualTo(page);
            assertThat(rule.at("/shortDescription/text").asString()).matches("[A-Z].{10,120}\\.");
            assertThat(rule.at("/fullDescription/text").asString()).matches("[A-Z].{10,1000}\\.");
            // What GitHub's code scanning shows of a rule's tags.
            assertThat(rule.at("/properties/tags").size()).isBetween(1, 10);
        }
        var first = rules.get(0);
        assertThat(first.at("/id").asString()).isEqualTo("kms-migration");
        assertThat(first.at("/shortDescription/text").asString())
                .isEqualTo("A participant that is moved to, from or between KMS.");
        assertThat(first.at("/defaultConfiguration/level").asString()).isEqualTo("error");
        assertThat(first.at("/properties/tags").toString()).isEqualTo("[\"irreversible\",\"kms\",\"kubernetes\"]");
    }

    @Test
    void points_from_each_result_to_its_rule() throws IOException {
        var run = run(Cli.check("participant.yaml", "sv-without-flag.yaml", "-o", "sarif"));
        assertThat(run.get("results").size()).isEqualTo(2);
        for (var result : run.get("results")) {
            var index = result.get("ruleIndex").asInt();
            assertThat(run.at("/tool/driver/rules/" + index + "/id")).isEqualTo(result.get("ruleId"));
        }
    }

    @Test
    void has_results_even_where_there_are_none() throws IOException {
        var run = check("apiVersion: v1\nkind: Namespace\nmetadata: {name: sv}\n");
        assertThat(run.get("results").toString()).isEqualTo("[]");
        assertThat(run.get("invocations").toString())
                .isEqualTo("[{\"executionSuccessful\":true,\"toolExecutionNotifications\":[]}]");
    }

    @Test
    void takes_the_level_from_the_action() throws IOException {
        for (var level :
                Map.of("deny", "error", "warn", "warning", "audit", "note").entrySet()) {
            var policy = Files.writeString(
                    folder.resolve("policy.yaml"),
                    "{apiVersion: kms-guard.io/v1, kind: GuardPolicy, rules: {governance-key-plaintext: "
                            + level.getKey() + "}}");
            var run = check(svApp("sv-app", "sv-app"), "--policy", policy.toString());
            assertThat(run.get("results"))
                    .extracting(result -> result.get("ruleId").asString() + " "
                            + result.get("level").asString())
                    .containsExactly("governance-key-plaintext " + level.getValue());
        }
    }

    @Test
    void fingerprints_a_defect_by_what_it_is_and_not_by_where_it_stands() throws IOException {
        var one = fingerprints(check(svApp("sv-app", "sv-app")));
        assertThat(one).singleElement().asString().matches("[0-9a-f]{64}");
        var moved = Files.writeString(folder.resolve("other.yaml"), "# a line more\n\n" + svApp("sv-app", "sv-app"));
        assertThat(fingerprints(run(Cli.run("check", "-o", "sarif", moved.toString()))))
                .isEqualTo(one);
        assertThat(fingerprints(check(svApp("sv-app-2", "sv-app")))).isNotEqualTo(one);
        assertThat(fingerprints(check(svApp("sv-app", "sv-app").replace("namespace: sv", "namespace: sv-2"))))
                .isNotEqualTo(one);
        assertThat(fingerprints(check(svApp("sv-app", "other")))).isNotEqualTo(one);
    }

    @Test
    void fingerprints_no_two_defects_alike() throws IOException {
        var run = run(Cli.check(
                "participant.yaml",
                "sv-with-flag.yaml",
                "secret-as-the-guide-makes-it.yaml",
                "sv-without-flag.yaml",
                "-o",
                "sarif"));
        assertThat(fingerprints(run)).hasSizeGreaterThan(3).doesNotHaveDuplicates();
    }

    @Test
    void lets_no_word_of_a_manifest_become_a_placeholder_or_a_link() throws IOException {
        var run = check(svApp("x", "{0} [sv-app](https://example.com) \\u0007 \\u2028 \uD83D\uDE00"));
        assertThat(run.at("/results/0/message/text").asString())
                .startsWith("Deployment sv/x: container {{0}} [sv-app\\](https://example.com)   ");
    }

    @Test
    void says_of_standard_input_that_it_is_no_file() throws IOException {
        assertThat(check(svApp("sv-app", "sv-app"))
                        .at("/results/0/locations/0/physicalLocation/artifactLocation")
                        .toString())
                .isEqualTo("{\"uri\":\"stdin\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "sv.yaml, sv.yaml, %SRCROOT%",
        "./a/../b/sv.yaml, b/sv.yaml, %SRCROOT%",
        "/srv/repo/a/sv.yaml, a/sv.yaml, %SRCROOT%",
        "'a b/50%/#1?.yaml', a%20b/50%25/%231%3F.yaml, %SRCROOT%",
        "c:d/ü+😀.yaml, c%3Ad/%C3%BC%2B%F0%9F%98%80.yaml, %SRCROOT%",
        "../other/a b.yaml, file:///srv/other/a%20b.yaml, ''",
        "/etc/kms/sv.yaml, file:///etc/kms/sv.yaml, ''",
        "'nul\0.yaml', nul%00.yaml, ''",
    })
    void names_files_relative_to_the_working_directory(String file, String uri, String base) {
        var location = location(new ManifestProblem(file, 7, "m"));
        var artifact = location.at("/physicalLocation/artifactLocation");
        assertThat(artifact.get("uri").asString()).isEqualTo(uri);
        assertThat(artifact.path("uriBaseId").asString("")).isEqualTo(base);
        assertThat(location.at("/physicalLocation/region/startLine").asInt()).isEqualTo(7);
    }

    @Test
    void names_no_line_where_a_whole_file_is_meant() {
        var location = location(new ManifestProblem("a.yaml", 0, "m"));
        assertThat(location.get("physicalLocation").has("region")).isFalse();
    }

    private static ObjectNode location(ManifestProblem problem) {
        return new SarifLocations(Path.of("/srv/repo"))
                .of(Reported.Trouble.of(problem))
                .orElseThrow();
    }
}
