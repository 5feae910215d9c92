// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the chart and {@code install.yaml} hold, as a real API server understands it. */
class ChartInClusterTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern DRY_RUN = Pattern.compile("(?m)^\\S+/(\\S+) (created|configured|deleted)");

    private static final List<String> PARTICIPANT =
            List.of("participant", "registry.example:5000/canton-participant:0.7.3", "A", "b");
    private static final List<String> POSTGRES =
            List.of("postgres", "postgres:16", "POSTGRES_USER", "canton-participants-owner");

    /** By name: what the container is called, its image, and one variable of it. */
    private static final Map<String, List<String>> WORKLOADS = Map.of(
            "participant", PARTICIPANT,
            "sv-app", List.of("sv-app", "registry.example/sv-app:0.7.3@sha256:" + "0".repeat(64), "A", "b"),
            "sequencer", List.of("sequencer", "canton-cometbft-sequencer", "A", "b"),
            "mediator", List.of("mediator", "canton-mediator:0.7.3", "A", "b"),
            "validator-app", List.of("validator-app", "registry.example/validator-app:0.7.3", "A", "b"),
            "sv-web-ui", List.of("sv-web-ui", "registry.example/sv-web-ui:0.7.3", "A", "b"),
            "renamed", List.of("node", "ours:1", "ADDITIONAL_CONFIG_X", "canton { participants { p.crypto {} } }"),
            "renamed-sv", List.of("node", "ours:1", "ADDITIONAL_CONFIG_X", "canton.sv-apps.sv.x = 1"),
            "postgres", POSTGRES,
            "by-database", List.of("node", "ours:1", "CANTON_PARTICIPANT_POSTGRES_SERVER", "pg"));

    private static ControlPlane plane;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (plane != null) {
            plane.close();
        }
    }

    private static String chart() {
        return Path.of("manifests", "chart").toAbsolutePath().toString();
    }

    private static String install() {
        return Path.of("manifests", "install.yaml").toAbsolutePath().toString();
    }

    private static String workload(String namespace, String name, List<String> spec) {
        return """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s, namespace: %s}
                spec:
                  selector: {matchLabels: {app: x}}
                  template:
                    metadata: {labels: {app: x}}
                    spec:
                      containers:
                      - name: %s
                        image: %s
                        env: [{name: %s, value: "%s"}]
                """.formatted(name, namespace, spec.get(0), spec.get(1), spec.get(2), spec.get(3));
    }

    @Test
    void plain_manifests_can_be_applied_again_and_again() throws IOException {
        plane.kubectl("create", "namespace", "kms-guard").mustSucceed();
        plane.kubectl("apply", "--server-side", "-f", install()).mustSucceed();

        plane.kubectl("apply", "--server-side", "-f", install()).mustSucceed();

        plane.kubectl("delete", "-f", install()).mustSucceed();
    }

    @Test
    void the_pods_are_admitted_where_the_restricted_profile_is_enforced() throws IOException {
        var rendered = plane.run("helm4", "template", "strict", chart(), "-n", "strict")
                .mustSucceed();
        plane.write("strict.yaml", rendered);
        plane.kubectl("create", "namespace", "strict").mustSucceed();
        plane.kubectl("label", "namespace", "strict", "pod-security.kubernetes.io/enforce=restricted")
                .mustSucceed();
        plane.kubectl("apply", "-f", plane.folder().resolve("strict.yaml").toString(), "-l", "app.kubernetes.io/name")
                .mustSucceed();

        for (var kind : List.of("deployment/strict", "job/strict-unregister")) {
            var owner = JSON.readTree(
                    plane.kubectl("-n", "strict", "get", kind, "-o", "json").mustSucceed());
            var pod = JSON.createObjectNode();
            pod.put("apiVersion", "v1").put("kind", "Pod");
            pod.putObject("metadata").put("name", "probe").put("namespace", "strict");
            pod.set("spec", owner.at("/spec/template/spec"));
            plane.kubectl(
                            "create",
                            "--dry-run=server",
                            "-f",
                            plane.write("pod.json", pod.toString()).toString())
                    .mustSucceed();
        }
        plane.kubectl("delete", "validatingwebhookconfiguration,mutatingwebhookconfiguration", "strict")
                .mustSucceed();
    }

    @Test
    void the_removal_hook_removes_both_configurations_and_may_do_nothing_else() throws IOException {
        plane.run("helm4", "install", "leaving", chart(), "-n", "leaving", "--create-namespace")
                .mustSucceed();
        var hooks = plane.run(
                        "helm4",
                        "template",
                        "leaving",
                        chart(),
                        "-n",
                        "leaving",
                        "--show-only",
                        "templates/unregister.yaml")
                .mustSucceed();
        plane.kubectl("apply", "-f", plane.write("hooks.yaml", hooks).toString())
                .mustSucceed();
        assertThat(hooks).contains("helm.sh/hook: pre-delete");
        var kubeconfig = plane.kubeconfig("leaving", "leaving-unregister");

        assertThat(cli("unregister", "--installed-as", "leaving", "--kubeconfig", kubeconfig.toString()))
                .isEqualTo("""
                        0 Removed ValidatingWebhookConfiguration leaving.
                        Removed MutatingWebhookConfiguration leaving.
                        """);
        assertThat(cli("unregister", "--installed-as", "leaving", "--kubeconfig", kubeconfig.toString()))
                .isEqualTo("""
                        0 ValidatingWebhookConfiguration leaving is not there.
                        MutatingWebhookConfiguration leaving is not there.
                        """);
        assertThat(cli("unregister", "--installed-as", "other", "--kubeconfig", kubeconfig.toString()))
                .startsWith("2 kms-guard: ")
                .contains("lacks the right to get ValidatingWebhookConfiguration other (403).\n");
        assertThat(plane.run("helm4", "uninstall", "leaving", "-n", "leaving", "--no-hooks")
                        .exitCode())
                .isZero();
    }

    @Test
    void a_configuration_that_is_not_the_guards_is_left_alone() throws IOException {
        plane.kubectl("apply", "-f", plane.write("theirs.yaml", """
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingWebhookConfiguration
                metadata: {name: theirs}
                webhooks:
                - name: inject.example.com
                  admissionReviewVersions: [v1]
                  sideEffects: None
                  failurePolicy: Ignore
                  clientConfig: {url: "https://127.0.0.1:1/"}
                """).toString()).mustSucceed();

        assertThat(cli(
                        "unregister",
                        "--installed-as",
                        "theirs",
                        "--kubeconfig",
                        plane.kubeconfig().toString()))
                .isEqualTo("""
                        2 ValidatingWebhookConfiguration theirs is not there.
                        kms-guard: MutatingWebhookConfiguration theirs is not the guard's: it has other webhooks.
                        """);
    }

    private static String cli(String... args) {
        var out = new ByteArrayOutputStream();
        var both = new PrintStream(out, true, StandardCharsets.UTF_8);
        var code = Main.run(new ByteArrayInputStream(new byte[0]), both, both, Map.of(), args);
        return code + " " + out.toString(StandardCharsets.UTF_8);
    }

    /** Nobody answers and each webhook insists, so what it would be asked about cannot be applied. */
    @Test
    void each_webhook_is_asked_about_what_it_is_for_and_nothing_else() throws IOException {
        plane.kubectl("create", "namespace", "sv").mustSucceed();
        plane.kubectl(
                        "apply",
                        "-f",
                        plane.write("was.yaml", workload("sv", "was-participant", PARTICIPANT))
                                .toString())
                .mustSucceed();
        var all = new StringBuilder(workload("sv", "was-participant", POSTGRES));
        WORKLOADS.forEach((name, spec) -> all.append(workload("sv", name, spec)));
        all.append(workload("kube-system", "participant-of-the-system", PARTICIPANT));
        all.append(secret("splice-app-sv-cometbft-governance-key")).append(secret("another-secret"));
        var objects = plane.write("all.yaml", all.toString());
        var webhooks = webhooks();
        var guarded = List.of("by-database", "participant", "renamed", "renamed-sv", "sv-app", "was-participant");

        assertThat(asked(webhooks, "workloads.kms-guard.io", objects)).containsExactlyElementsOf(guarded);
        assertThat(asked(webhooks, "complete.kms-guard.io", objects)).containsExactlyElementsOf(guarded);
        assertThat(asked(webhooks, "nodes.kms-guard.io", objects)).containsExactly("mediator", "sequencer");
        assertThat(asked(webhooks, "secrets.kms-guard.io", objects))
                .containsExactly("splice-app-sv-cometbft-governance-key");
    }

    private static String secret(String name) {
        return "---\napiVersion: v1\nkind: Secret\nmetadata: {name: " + name + ", namespace: sv}\n";
    }

    private static Map<String, ObjectNode> webhooks() throws IOException {
        plane.run("helm4", "install", "matching", chart(), "-n", "matching", "--create-namespace")
                .mustSucceed();
        var webhooks = new HashMap<String, ObjectNode>();
        for (var kind : List.of("validatingwebhookconfiguration", "mutatingwebhookconfiguration")) {
            JsonNode found = JSON.readTree(
                    plane.kubectl("get", kind, "matching", "-o", "json").mustSucceed());
            found.path("webhooks")
                    .forEach(webhook -> webhooks.put(webhook.path("name").asString(""), (ObjectNode) webhook));
        }
        plane.kubectl("delete", "validatingwebhookconfiguration,mutatingwebhookconfiguration", "matching")
                .mustSucceed();
        return webhooks;
    }

    /** Which of the objects cannot be applied while this one alone is registered, and insists. */
    private static Set<String> asked(Map<String, ObjectNode> webhooks, String which, Path objects) throws IOException {
        var webhook = Optional.ofNullable(webhooks.get(which)).orElseThrow();
        webhook.put("failurePolicy", "Fail").remove("reinvocationPolicy");
        var configuration = JSON.createObjectNode();
        configuration
                .put("apiVersion", "admissionregistration.k8s.io/v1")
                .put("kind", "ValidatingWebhookConfiguration");
        configuration.putObject("metadata").put("name", "alone");
        configuration.putArray("webhooks").add(webhook);
        plane.kubectl(
                        "apply",
                        "-f",
                        plane.write("alone.json", configuration.toString()).toString())
                .mustSucceed();
        var name = "\"" + webhook.path("name").asString("") + "\"";
        var ran = new Ran[1];
        Await.until(
                () -> {
                    ran[0] = plane.kubectl("apply", "--dry-run=server", "-f", objects.toString());
                    return ran[0].err().contains("failed calling webhook " + name);
                },
                () -> "a webhook that is called: " + name);
        var asked = new TreeSet<>(names(objects));
        DRY_RUN.matcher(ran[0].out()).results().forEach(line -> asked.remove(line.group(1)));
        return asked;
    }

    private static List<String> names(Path objects) throws IOException {
        return Pattern.compile("metadata: \\{name: ([^,]+),")
                .matcher(Files.readString(objects))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
