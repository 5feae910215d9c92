// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.e2e.Promtool.Selector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Alerts, their cases and the dashboard name only what a guard that is installed, and the API server that asked it, really tell. */
class MetricsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path DASHBOARD = Path.of("manifests", "chart", "dashboard.json");
    private static final Path CASES = Path.of("src", "test", "resources", "monitoring", "alerts.test.yaml");
    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{([^\\n]*)})? \\S+( \\d+)?$");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

    /** What Prometheus adds to each sample by the ServiceMonitor. */
    private static final Set<String> OF_THE_TARGET = Set.of("job", "namespace", "instance");

    /** What the leader tells once it has audited the cluster. */
    private static final Map<String, Set<String>> OF_THE_AUDIT = Map.of(
            "kms_guard_audit_findings", Set.of("rule", "action"),
            "kms_guard_audit_last_run_seconds", Set.of(),
            "kms_guard_audit_duration_seconds", Set.of(),
            "kms_guard_audit_gaps", Set.of(),
            "kms_guard_audit_newer_than_known", Set.of(),
            "kms_guard_audit_write_failures_total", Set.of());

    @TempDir
    private static Path folder;

    private static ControlPlane plane;
    private static Promtool promtool;
    private static Path guards;
    private static Map<String, Set<String>> told;

    /** Asked while two replicas answer, and then when nobody does. */
    @BeforeAll
    static void scrape() throws Exception {
        promtool = Promtool.find(folder);
        plane = ControlPlane.start();
        try (var guard = Guard.install(plane, "helm4")) {
            apply("participant.yaml", participant());
            var replica = guard.replicas().get(0);
            guards = Files.writeString(folder.resolve("guard.txt"), replica.metrics());
        }
        Await.until(
                () -> failsToBeCalled("participant.yaml", participant()), () -> "a webhook that nobody answers for");
        apply("secret.yaml", """
                apiVersion: v1
                kind: Secret
                metadata: {name: splice-app-sv-cometbft-governance-key, namespace: default}
                """).mustSucceed();
        told = samples(Files.readString(guards)
                + plane.kubectl("get", "--raw", "/metrics").mustSucceed());
        told.putAll(OF_THE_AUDIT);
    }

    @AfterAll
    static void stop() throws IOException {
        if (plane != null) {
            plane.close();
        }
    }

    private static Ran apply(String name, String text) throws IOException {
        return plane.kubectl("apply", "-f", plane.write(name, text).toString());
    }

    private static boolean failsToBeCalled(String name, String text) throws IOException {
        return apply(name, text).err().contains("failed calling webhook \"workloads.kms-guard.io\"");
    }

    private static String participant() {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: participant, namespace: default}
                spec:
                  selector: {matchLabels: {app: participant}}
                  template:
                    metadata: {labels: {app: participant}}
                    spec:
                      containers:
                      - name: participant
                        image: registry.example.com/canton-participant:0.7.3
                        env:
                        - name: ADDITIONAL_CONFIG_X
                          value: canton.participants.participant.crypto.private-key-store.encryption.type = kms
                """;
    }

    /** By metric: the labels that its samples have. */
    private static Map<String, Set<String>> samples(String text) {
        var all = new HashMap<String, Set<String>>();
        SAMPLE.matcher(text).results().forEach(sample -> {
            var labels = all.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
        });
        return all;
    }

    private static List<String> unknown(Collection<Selector> selectors) {
        return selectors.stream().flatMap(MetricsTest::unknown).distinct().toList();
    }

    private static Stream<String> unknown(Selector selector) {
        var labels = told.get(selector.metric());
        if (labels == null) {
            return Stream.of("no metric " + selector.metric());
        }
        return selector.labels().stream()
                .filter(label -> !OF_THE_TARGET.contains(label) && !labels.contains(label))
                .map(label -> "no label " + label + " of " + selector.metric());
    }

    @Test
    void what_the_guard_tells_is_as_prometheus_would_have_it() throws IOException {
        var checked = promtool.fed(guards, "check", "metrics");

        assertThat(checked.exitCode()).as(checked.out() + checked.err()).isZero();
    }

    @Test
    void the_alerts_read_what_is_told() throws IOException {
        JsonNode rule = JSON.valueToTree(new Yaml().<Map<String, Object>>load(promtool.rendered()));
        var expressions = rule.at("/spec/groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .map(alert -> alert.path("expr").asString(""))
                .toList();
        var selectors = promtool.selectors(expressions);

        assertThat(selectors).hasSizeGreaterThan(15);
        assertThat(unknown(selectors)).isEmpty();
    }

    @Test
    void the_dashboard_reads_what_is_told() throws IOException {
        var dashboard = JSON.readTree(Files.readString(DASHBOARD));
        var expressions = new ArrayList<String>();
        dashboard
                .path("panels")
                .valueStream()
                .flatMap(panel -> panel.path("targets").valueStream())
                .map(target -> target.path("expr").asString(""))
                .forEach(expressions::add);
        var panels = expressions.size();
        dashboard
                .at("/templating/list")
                .valueStream()
                .map(variable -> VALUES.matcher(variable.at("/query/query").asString("")))
                .filter(matcher -> matcher.matches())
                .forEach(matcher -> expressions.add(matcher.group(1)));

        assertThat(panels).isGreaterThan(30);
        assertThat(expressions).hasSize(panels + 3);
        assertThat(unknown(promtool.selectors(expressions))).isEmpty();
    }

    /** A case with a label that nobody tells would hold an alert that never fires. */
    @Test
    void the_cases_of_the_alerts_have_series_as_they_are_told() throws IOException {
        JsonNode cases = JSON.valueToTree(new Yaml().<Map<String, Object>>load(Files.readString(CASES)));
        var series = cases.path("tests").findValues("input_series").stream()
                .flatMap(JsonNode::valueStream)
                .map(each -> each.path("series").asString(""))
                .collect(Collectors.toSet());

        assertThat(series).isNotEmpty();
        assertThat(unknown(promtool.selectors(series))).isEmpty();
    }
}
