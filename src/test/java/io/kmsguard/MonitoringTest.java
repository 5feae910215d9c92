// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.rule.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Alerts and dashboard of the chart, as far as they can be looked at without the tools that read them. */
class MonitoringTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path CHART = Path.of("manifests", "chart");
    private static final Path DASHBOARD = CHART.resolve("dashboard.json");
    private static final Path RUNBOOK = Path.of("docs", "operations.md");
    private static final int WIDTH = 24;

    @BeforeAll
    static void helm_must_run_here() {
        HelmLibrary.mustLoadFor(MonitoringTest.class);
    }

    private static List<JsonNode> render(Map<String, ?> values) {
        var template = new Helm(CHART)
                .template()
                .withName("kms-guard")
                .withNamespace("kms-guard")
                .withKubeVersion("1.30.0");
        values.forEach(template::set);
        return StreamSupport.stream(new Yaml().loadAll(template.call()).spliterator(), false)
                .filter(Objects::nonNull)
                .<JsonNode>map(JSON::valueToTree)
                .toList();
    }

    private static JsonNode one(String kind, String name, Map<String, ?> values) {
        return render(values).stream()
                .filter(object -> object.path("kind").asString("").equals(kind)
                        && object.at("/metadata/name").asString("").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    private static List<JsonNode> alerts(Map<String, ?> values) {
        var all = new HashMap<String, Object>(values);
        all.put("prometheusRule.enabled", "true");
        return one("PrometheusRule", "kms-guard", all)
                .at("/spec/groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .toList();
    }

    private static String text(JsonNode alert, String pointer) {
        return alert.at(pointer).asString("");
    }

    private static JsonNode alert(String name, Map<String, ?> values) {
        return alerts(values).stream()
                .filter(alert -> text(alert, "/alert").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode dashboard() throws IOException {
        return JSON.readTree(Files.readString(DASHBOARD));
    }

    private static List<JsonNode> panels() throws IOException {
        return dashboard().path("panels").valueStream().toList();
    }

    @Test
    void nothing_of_it_is_made_unless_asked_for() {
        assertThat(render(Map.of()))
                .noneMatch(object -> object.toString().contains("monitoring.coreos.com"))
                .noneMatch(object -> object.toString().contains("grafana"));
    }

    @Test
    void every_alert_says_how_bad_it_is_what_it_means_and_where_that_is_written() throws IOException {
        var page = Files.readString(RUNBOOK);
        var headings = Pattern.compile(
                        "(?m)^### (\\w+)\\n\\n- \\*\\*Means\\*\\* \\((?:warning|critical).*\\n(?: .+\\n)*- \\*\\*First\\*\\*: ")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        var alerts = alerts(Map.of());

        assertThat(alerts).allSatisfy(alert -> {
            assertThat(text(alert, "/labels/severity")).isIn("warning", "critical");
            assertThat(text(alert, "/annotations/summary")).endsWith(".").doesNotContain("{{");
            assertThat(text(alert, "/annotations/description")).endsWith(".");
            assertThat(text(alert, "/annotations/runbook_url"))
                    .isEqualTo("docs/operations.md#" + text(alert, "/alert").toLowerCase(Locale.ROOT));
        });
        assertThat(headings)
                .isEqualTo(alerts.stream()
                        .map(alert -> text(alert, "/alert"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void what_can_never_be_undone_is_what_the_rules_say() {
        var ids = Rules.all().stream()
                .map(rule -> rule.info())
                .filter(info -> info.ruleClass() == RuleClass.IRREVERSIBLE)
                .map(info -> info.id())
                .collect(Collectors.joining("|"));
        var expression = text(alert("KmsGuardIrreversibleDenied", Map.of()), "/expr");
        var named = expression.replaceFirst("(?s).*rule=~\"([^\"]*)\".*", "$1");

        assertThat(Set.of(named.split("\\|"))).isEqualTo(Set.of(ids.split("\\|")));
    }

    @Test
    void the_api_servers_series_are_asked_for_by_the_names_of_the_webhooks() {
        var webhooks = render(Map.of()).stream()
                .flatMap(object -> object.path("webhooks").valueStream())
                .map(webhook -> webhook.path("name").asString(""))
                .toList();
        var asked = Stream.of("KmsGuardFailedOpen", "KmsGuardOtherWebhooksFailedOpen")
                .map(name -> text(alert(name, Map.of()), "/expr"))
                .map(MonitoringTest::nameMatcher)
                .toList();

        assertThat(webhooks).hasSize(6).allSatisfy(name -> {
            assertThat(asked).filteredOn(pattern -> name.matches(pattern)).hasSize(1);
            assertThat(name).matches(nameMatcher(text(alert("KmsGuardReviewsFailing", Map.of()), "/expr")));
        });
    }

    private static String nameMatcher(String expression) {
        return expression
                .replaceFirst("(?s)^.*?\\{name=~?\"([^\"]*)\".*$", "$1")
                .replace("\\\\", "\\");
    }

    @Test
    void thresholds_and_the_place_of_the_runbook_are_values() {
        var values = Map.of(
                "prometheusRule.runbook", "https://wiki.example.com/kms-guard",
                "prometheusRule.labels.release", "prometheus",
                "prometheusRule.thresholds.reviewMilliseconds", "250",
                "prometheusRule.thresholds.certificateDays", "30",
                "prometheusRule.thresholds.irreversibleDenials", "3",
                "prometheusRule.thresholds.unknownFacts", "4",
                "prometheusRule.thresholds.auditDenials", "5");

        assertThat(text(alert("KmsGuardReviewsSlow", values), "/expr")).endsWith(" > 0.25");
        assertThat(text(alert("KmsGuardCertificateExpiring", values), "/expr")).endsWith(" < 2592000");
        assertThat(text(alert("KmsGuardIrreversibleDenied", values), "/expr")).endsWith(" > 3");
        assertThat(text(alert("KmsGuardUnknownFacts", values), "/expr")).endsWith(" > 4");
        assertThat(text(alert("KmsGuardAuditFindings", values), "/expr")).endsWith(" > 5");
        assertThat(text(alert("KmsGuardAbsent", values), "/annotations/runbook_url"))
                .isEqualTo("https://wiki.example.com/kms-guard#kmsguardabsent");
    }

    @ParameterizedTest
    @CsvSource({"10m, 1200", "1h30m, 10800", "90s, 180", "2h, 14400"})
    void an_audit_is_overdue_after_two_intervals_of_the_policy(String interval, String seconds) {
        var expression = text(alert("KmsGuardAuditOverdue", Map.of("policy.audit.interval", interval)), "/expr");

        assertThat(Pattern.compile("> (\\d+)\\b").matcher(expression).results().map(match -> match.group(1)))
                .containsExactly(seconds, seconds);
    }

    @Test
    void without_audits_none_is_overdue_and_an_interval_that_cannot_be_read_is_told() {
        assertThat(alerts(Map.of("policy.audit.interval", "off")))
                .isNotEmpty()
                .noneMatch(alert -> text(alert, "/alert").equals("KmsGuardAuditOverdue"));
        assertThatThrownBy(() -> alerts(Map.of("policy.audit.interval", "1.5h")))
                .hasMessageContaining("policy.audit.interval is 1.5h");
    }

    @ParameterizedTest
    @CsvSource({
        "prometheusRule.thresholds.reviewMilliseconds, 0",
        "prometheusRule.thresholds.certificateDays, 0",
        "prometheusRule.thresholds.unknownFacts, -1",
        "prometheusRule.thresholds.auditDenial, 1",
        "prometheusRule.runbook, page#top",
        "dashboard.label, x"
    })
    void a_value_that_cannot_be_is_refused(String value, String wrong) {
        assertThatThrownBy(() -> alerts(Map.of(value, wrong)))
                .hasMessageContaining(value.substring(value.lastIndexOf('.') + 1));
    }

    @Test
    void the_dashboard_in_the_cluster_is_the_file() throws IOException {
        var map = one("ConfigMap", "kms-guard-dashboard", Map.of("dashboard.enabled", "true"));

        assertThat(map.at("/metadata/labels/grafana_dashboard").asString("")).isEqualTo("1");
        assertThat(JSON.readTree(text(map, "/data/kms-guard.json"))).isEqualTo(dashboard());
    }

    /** Those of Grafana's own linter of dashboards that ask for more than a correct expression. */
    @Test
    void each_panel_has_a_title_a_description_a_unit_and_a_place_of_its_own() throws IOException {
        var ids = new HashSet<Integer>();
        var taken = new HashSet<String>();
        assertThat(panels()).hasSizeGreaterThan(20).allSatisfy(panel -> {
            assertThat(ids.add(panel.path("id").asInt(-1))).isTrue();
            assertThat(panel.path("title").asString("")).isNotBlank();
            occupy(panel.path("gridPos"), taken);
            if (!panel.path("type").asString("").equals("row")) {
                assertThat(panel.path("description").asString("")).endsWith(".");
                assertThat(text(panel, "/fieldConfig/defaults/unit")).isNotBlank();
                assertThat(text(panel, "/datasource/uid")).isEqualTo("${datasource}");
            }
        });
        assertThat(dashboard().path("editable").asBoolean(true)).isFalse();
    }

    private static void occupy(JsonNode place, Set<String> taken) {
        assertThat(place.path("x").asInt() + place.path("w").asInt()).isLessThanOrEqualTo(WIDTH);
        for (var x = 0; x < place.path("w").asInt(); x++) {
            for (var y = 0; y < place.path("h").asInt(); y++) {
                assertThat(taken.add((place.path("x").asInt() + x) + "/"
                                + (place.path("y").asInt() + y)))
                        .isTrue();
            }
        }
    }

    @Test
    void the_dashboard_is_of_one_data_source_and_one_installation_that_can_be_chosen() throws IOException {
        var variables = dashboard().at("/templating/list").valueStream().toList();
        assertThat(variables)
                .extracting(variable -> variable.path("name").asString(""))
                .containsExactly("datasource", "job", "namespace", "instance");
        assertThat(panels().stream().flatMap(panel -> panel.path("targets").valueStream()))
                .allSatisfy(target -> {
                    var expression = target.path("expr").asString("");
                    if (!expression.contains("apiserver_")) {
                        assertThat(expression).contains("job=~\"$job\",namespace=~\"$namespace\"");
                    }
                    if (!target.path("instant").asBoolean(false)) {
                        assertThat(expression.replace("[$__rate_interval]", "")).doesNotContain("[");
                    }
                });
    }
}
