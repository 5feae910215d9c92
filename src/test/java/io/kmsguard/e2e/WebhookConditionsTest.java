// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** What each webhook of the chart is asked about, as a real API server understands its conditions. */
class WebhookConditionsTest {

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

    private static final Set<String> OTHER_KINDS = Set.of("daemon", "replicas-of-its-own");

    private static final List<String> GUARDED = List.of(
            "by-database",
            "daemon",
            "native-sidecar",
            "participant",
            "renamed",
            "renamed-sv",
            "replicas-of-its-own",
            "sv-app",
            "was-participant");

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
        all.append(otherKinds());
        plane.kubectl("apply", "-f", plane.write("maps.yaml", configMaps("was")).toString())
                .mustSucceed();
        all.append(configMaps("is"));
        all.append(configMap("new-of-canton", "config: \"canton.x = is\"")).append(configMap("new", "colour: is"));
        var objects = plane.write("all.yaml", all.toString());
        var webhooks = webhooks();
        assertThat(asked(webhooks, "workloads.kms-guard.io", objects)).containsExactlyElementsOf(GUARDED);
        assertThat(asked(webhooks, "complete.kms-guard.io", objects))
                .containsExactlyElementsOf(GUARDED.stream()
                        .filter(name -> !OTHER_KINDS.contains(name))
                        .toList());
        assertThat(asked(webhooks, "nodes.kms-guard.io", objects)).containsExactly("mediator", "sequencer");
        assertThat(asked(webhooks, "secrets.kms-guard.io", objects))
                .containsExactly("splice-app-sv-cometbft-governance-key");
        assertThat(asked(webhooks, "references.kms-guard.io", objects)).containsExactly("by-reference");
        assertThat(asked(webhooks, "configuration.kms-guard.io", objects))
                .containsExactly("new-of-canton", "of-canton", "of-env");
    }

    private static String configMaps(String text) {
        return configMap("ordinary", "colour: " + text)
                + configMap("of-canton", "config: \"canton.x = " + text + "\"")
                + configMap("of-env", "ADDITIONAL_CONFIG_X: " + text);
    }

    private static String configMap(String name, String entry) {
        return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: sv}\ndata:\n  " + entry
                + "\n";
    }

    /** A DaemonSet, ReplicaSets with and without an owner, a native sidecar, and env vars by reference alone. */
    private static String otherKinds() {
        var replicas =
                workload("sv", "replicas-of-its-own", PARTICIPANT).replace("kind: Deployment", "kind: ReplicaSet");
        var owner = "{apiVersion: apps/v1, kind: Deployment, name: x, uid: 5b6ac2e0-3d1f-4c59-8f10-000000000001}";
        return workload("sv", "daemon", PARTICIPANT).replace("kind: Deployment", "kind: DaemonSet")
                + replicas
                + replicas.replace(
                        "name: replicas-of-its-own, ", "name: replicas-of-another, ownerReferences: [" + owner + "], ")
                + workload("sv", "native-sidecar", POSTGRES)
                + "      initContainers:\n"
                + "      - {name: participant, image: ours/ledger:1, restartPolicy: Always}\n"
                + workload("sv", "by-reference", POSTGRES) + "        envFrom: [{configMapRef: {name: of-env}}]\n";
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
