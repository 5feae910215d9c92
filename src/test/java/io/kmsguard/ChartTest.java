// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

/** The chart as Helm itself renders it, and what is made of it for those who have no Helm. */
class ChartTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path CHART = Path.of("manifests", "chart");
    private static final Path INSTALL = Path.of("manifests", "install.yaml");
    private static final Pattern HELMS_LABEL =
            Pattern.compile("(?m)^ +(app\\.kubernetes\\.io/managed-by|helm\\.sh/chart): .*\\n");
    private static final Pattern HELMS_ANNOTATION =
            Pattern.compile("(?m)^  annotations:\\n(    #.*\\n)*    helm\\.sh/resource-policy: keep\\n");

    @BeforeAll
    static void helm_must_run_here() {
        HelmLibrary.mustLoadFor(ChartTest.class);
    }

    private static String text(Map<String, ?> values) {
        var template = new Helm(CHART)
                .template()
                .withName("kms-guard")
                .withNamespace("kms-guard")
                .withKubeVersion("1.30.0");
        values.forEach(template::set);
        return template.call();
    }

    private static List<JsonNode> objects(String text) {
        return StreamSupport.stream(new Yaml().loadAll(text).spliterator(), false)
                .filter(Objects::nonNull)
                .<JsonNode>map(JSON::valueToTree)
                .toList();
    }

    private static List<JsonNode> render(Map<String, ?> values) {
        return objects(text(values));
    }

    private static JsonNode one(List<JsonNode> objects, String kind, String name) {
        return objects.stream()
                .filter(object -> object.path("kind").asString("").equals(kind)
                        && object.at("/metadata/name").asString("").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    private static String templates() throws IOException {
        try (Stream<Path> files = Files.walk(CHART.resolve("templates"))) {
            var texts = new ArrayList<String>();
            for (var file : files.filter(Files::isRegularFile).toList()) {
                texts.add(Files.readString(file));
            }
            return String.join("\n", texts);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "replica, replica",
        "webhook.timeout, timeout",
        "webhook.timeoutSeconds, timeoutSeconds",
        "webhook.clientCa, clientCa",
        "certificates.source, source",
        "policy.kind, kind",
        "networkPolicy.open, open",
        "image.digest, digest",
        "prometheusRule.enabled, prometheusRule"
    })
    void a_value_that_no_template_reads_or_that_cannot_be_is_refused_by_its_name(String value, String name) {
        assertThatThrownBy(() -> text(Map.of(value, "wrong"))).hasMessageContaining(name);
    }

    @Test
    void nothing_in_it_is_made_up_at_rendering() throws IOException {
        var rendered = text(Map.of());

        assertThat(rendered).isEqualTo(text(Map.of())).doesNotContain("caBundle:");
        assertThat(templates())
                .doesNotContain("lookup ", "genCA", "genSigned", "genSelfSigned", "randAlpha", "caBundle:");
    }

    @Test
    void callers_are_asked_for_a_certificate_where_somebody_vouches_for_it() {
        var pod = one(render(Map.of("webhook.clientCaConfigMap", "api-servers")), "Deployment", "kms-guard")
                .at("/spec/template/spec");

        assertThat(pod.at("/containers/0/args")).hasToString("""
                ["serve","--installed-as=kms-guard","--namespace=$(POD_NAMESPACE)","--port=8443",\
                "--client-ca=/etc/kms-guard/clients/ca.crt"]""");
        assertThat(pod.at("/containers/0/volumeMounts/1"))
                .hasToString("{\"name\":\"clients\",\"mountPath\":\"/etc/kms-guard/clients\",\"readOnly\":true}");
        assertThat(pod.at("/volumes/1")).hasToString("{\"name\":\"clients\",\"configMap\":{\"name\":\"api-servers\"}}");
        assertThat(text(Map.of())).doesNotContain("client-ca", "clients");
    }

    @Test
    void its_pods_meet_the_restricted_profile() {
        var pods = render(Map.of()).stream()
                .map(object -> object.at("/spec/template/spec"))
                .filter(pod -> pod.has("containers"))
                .toList();

        assertThat(pods).hasSize(1).allSatisfy(pod -> {
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean(false)).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asString(""))
                    .isEqualTo("RuntimeDefault");
            assertThat(pod.path("hostNetwork").asBoolean(false)).isFalse();
            assertThat(pod.path("volumes").findValuesAsString("hostPath")).isEmpty();
            assertThat(pod.path("containers")).hasSize(1).allSatisfy(container -> {
                var context = container.path("securityContext");
                assertThat(context.path("allowPrivilegeEscalation").asBoolean(true))
                        .isFalse();
                assertThat(context.path("readOnlyRootFilesystem").asBoolean(false))
                        .isTrue();
                assertThat(context.path("capabilities")).hasToString("{\"drop\":[\"ALL\"]}");
                assertThat(context.has("privileged")).isFalse();
            });
        });
    }

    @Test
    void no_right_has_a_wildcard_and_none_creates_more_than_is_told_or_reads_every_secret() {
        var rules = render(Map.of()).stream()
                .flatMap(object -> object.path("rules").valueStream())
                .toList();

        assertThat(rules.toString()).doesNotContain("*", "\"deletecollection\"");
        assertThat(rules)
                .filteredOn(rule -> rule.path("verbs").toString().matches(".*\"(create|delete)\".*"))
                .extracting(rule -> rule.path("resources").toString())
                .containsExactlyInAnyOrder("[\"reports\"]", "[\"policyreports\"]", "[\"events\"]", "[\"configmaps\"]");
        assertThat(rules)
                .filteredOn(rule -> rule.path("resources").toString().contains("secrets"))
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(rule.path("resourceNames")).isNotEmpty());
    }

    @Test
    void with_cert_manager_the_guard_has_no_right_to_certificates() {
        var objects = render(Map.of("certificates.source", "cert-manager"));

        assertThat(one(objects, "Issuer", "kms-guard").path("spec")).hasToString("{\"selfSigned\":{}}");
        var certificate = one(objects, "Certificate", "kms-guard").path("spec");
        assertThat(certificate.path("dnsNames")).hasToString("[\"kms-guard.kms-guard.svc\"]");
        assertThat(certificate.path("secretName").asString("")).isEqualTo("kms-guard-certificates");
        for (var kind : List.of("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")) {
            assertThat(one(objects, kind, "kms-guard")
                            .at("/metadata/annotations/cert-manager.io~1inject-ca-from")
                            .asString(""))
                    .isEqualTo("kms-guard/kms-guard");
        }
        assertThat(objects).noneMatch(object -> object.path("kind").asString("").equals("Secret"));
        assertThat(one(objects, "Role", "kms-guard").toString()).doesNotContain("secrets");
        assertThat(one(objects, "ClusterRole", "kms-guard").toString())
                .doesNotContain("validatingwebhookconfigurations")
                .contains("\"resources\":[\"mutatingwebhookconfigurations\"],\"verbs\":[\"list\"]");
        assertThat(one(objects, "Deployment", "kms-guard")
                        .at("/spec/template/spec/containers/0/args")
                        .toString())
                .contains("--tls-dir=/etc/kms-guard/tls");
    }

    @Test
    void the_guard_may_write_reports_and_events_and_is_asked_to_only_where_it_may() {
        var usual = render(Map.of());
        var rights = one(usual, "ClusterRole", "kms-guard").path("rules").toString();
        assertThat(rights)
                .contains("{\"apiGroups\":[\"openreports.io\"],\"resources\":[\"reports\"],"
                        + "\"verbs\":[\"list\",\"create\",\"update\",\"delete\"]}")
                .contains("{\"apiGroups\":[\"wgpolicyk8s.io\"],\"resources\":[\"policyreports\"],"
                        + "\"verbs\":[\"list\",\"create\",\"update\",\"delete\"]}")
                .contains("{\"apiGroups\":[\"\"],\"resources\":[\"events\"],\"verbs\":[\"get\",\"create\",\"patch\"]}");
        assertThat(policy(usual)).doesNotContain("audit");

        var quiet = render(Map.of("audit.reports", "false", "audit.events", "false", "policy.audit.interval", "1h"));
        assertThat(one(quiet, "ClusterRole", "kms-guard").path("rules").toString())
                .doesNotContain("reports")
                .doesNotContain("events");
        assertThat(policy(quiet)).contains("audit:\n  events: false\n  interval: 1h\n  reports: false\n");
    }

    private static String policy(List<JsonNode> objects) {
        return one(objects, "ConfigMap", "kms-guard-policy")
                .at("/data/policy.yaml")
                .asString("");
    }

    @Test
    void an_issuer_of_the_operators_own_is_used_as_it_is() {
        var objects = render(Map.of(
                "certificates.source", "cert-manager",
                "certificates.certManager.issuerRef.name", "ours",
                "certificates.certManager.issuerRef.kind", "ClusterIssuer"));

        assertThat(objects).noneMatch(object -> object.path("kind").asString("").equals("Issuer"));
        assertThat(one(objects, "Certificate", "kms-guard").at("/spec/issuerRef"))
                .hasToString("{\"kind\":\"ClusterIssuer\",\"name\":\"ours\"}");
    }

    @Test
    void the_webhooks_see_neither_kube_system_nor_the_guards_own_namespace() {
        var webhooks = render(Map.of("webhook.excludedNamespaces[0]", "sandbox")).stream()
                .flatMap(object -> object.path("webhooks").valueStream())
                .toList();

        assertThat(webhooks).hasSize(6).allSatisfy(webhook -> {
            assertThat(webhook.at("/namespaceSelector/matchExpressions"))
                    .hasToString("[{\"key\":\"kubernetes.io/metadata.name\",\"operator\":\"NotIn\",\"values\":"
                            + "[\"kube-system\",\"kms-guard\",\"sandbox\"]}]");
            assertThat(webhook.path("sideEffects").asString("")).isEqualTo("None");
            assertThat(webhook.path("matchPolicy").asString("")).isEqualTo("Equivalent");
            assertThat(webhook.path("matchConditions")).isNotEmpty();
        });
        assertThat(webhooks)
                .extracting(webhook -> webhook.path("name").asString("") + " "
                        + webhook.path("failurePolicy").asString(""))
                .containsExactlyInAnyOrder(
                        "workloads.kms-guard.io Fail",
                        "nodes.kms-guard.io Ignore",
                        "references.kms-guard.io Ignore",
                        "secrets.kms-guard.io Ignore",
                        "configuration.kms-guard.io Ignore",
                        "complete.kms-guard.io Ignore");
    }

    /** {@code -Dinstall.write=true} writes it anew, and fails, so that the difference is read. */
    @Test
    void install_yaml_is_the_chart_with_its_defaults() throws IOException {
        var expected = install();
        var actual = Files.exists(INSTALL) ? Files.readString(INSTALL) : "";
        if (Boolean.getBoolean("install.write")) {
            Files.writeString(INSTALL, expected);
        }

        assertThat(actual).isEqualTo(expected);
        assertThat(objects(actual))
                .hasSameSizeAs(objects(text(Map.of())))
                .noneMatch(object -> object.toString().contains("helm.sh"));
    }

    /** Without what says that Helm is in charge; this Helm renders no hooks. */
    private static String install() {
        var documents = Stream.of(text(Map.of()).split("(?m)^---\\n"))
                .filter(document -> !document.isBlank())
                .map(document -> HELMS_LABEL.matcher(document).replaceAll(""))
                .map(document -> HELMS_ANNOTATION.matcher(document).replaceAll(""))
                .map(document -> document.replaceAll("(?m)^# Source: .*\\n", "").strip())
                .collect(Collectors.joining("\n---\n"));
        return """
                # SPDX-License-Identifier: Apache-2.0
                # Rendered from manifests/chart with its defaults, for namespace kms-guard (docs/install.md); a test compares.
                """ + documents + "\n";
    }
}
