// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The alerts of the chart, as Prometheus itself reads and evaluates them. */
class AlertsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path CASES = Path.of("src", "test", "resources", "monitoring", "alerts.test.yaml");

    @TempDir
    private Path folder;

    private Promtool promtool = new Promtool(new KubeAssets(Path.of("")), Path.of(""));
    private Path rules = Path.of("rules.yaml");
    private JsonNode spec = JSON.createObjectNode();

    @BeforeEach
    void render() throws IOException {
        promtool = Promtool.find(folder);
        spec = JSON.<JsonNode>valueToTree(new Yaml().<Map<String, Object>>load(promtool.rendered()))
                .path("spec");
        // JSON is YAML.
        rules = Files.writeString(folder.resolve("rules.yaml"), spec.toString());
    }

    private Set<String> names() {
        return spec.path("groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .map(rule -> rule.path("alert").asString(""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void prometheus_understands_them() throws IOException {
        var count = spec.path("groups")
                .valueStream()
                .mapToInt(group -> group.path("rules").size())
                .sum();

        assertThat(promtool.run("check", "rules", "--lint=all", "--lint-fatal", rules.toString())
                        .mustSucceed())
                .contains("SUCCESS: " + count + " rules found");
    }

    @Test
    void each_fires_when_it_should_and_not_without_a_reason() throws IOException {
        var cases = Files.copy(CASES, folder.resolve("alerts.test.yaml"));

        var ran = promtool.run("test", "rules", cases.toString());

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
        assertThat(ran.out()).contains("SUCCESS");
    }

    @Test
    void the_cases_hold_each_alert_firing_and_silent() throws IOException {
        JsonNode cases = JSON.valueToTree(new Yaml().<Map<String, Object>>load(Files.readString(CASES)));
        var firing = new TreeSet<String>();
        var silent = new TreeSet<String>();
        cases.path("tests").findValues("alert_rule_test").stream()
                .flatMap(list -> StreamSupport.stream(list.spliterator(), false))
                .forEach(check -> (check.path("exp_alerts").isEmpty() ? silent : firing)
                        .add(check.path("alertname").asString("")));

        assertThat(firing).isEqualTo(names());
        assertThat(silent).isEqualTo(names());
    }
}
