// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A workload in the shape of the charts (0.7.3): a minimal valid one, and what a test wants different. Each change gives a
 * new one.
 */
public final class Workloads {

    /** The chart's env var with the {@code kms} values. */
    public static final String KMS_ENV = "ADDITIONAL_CONFIG_SPLICE_PARTICIPANT_CRYPTO_PROVIDER_KMS";

    public static final String PUBLIC_ENV = "SPLICE_APP_SV_COMETBFT_GOVERNANCE_PUBLIC_KEY";
    public static final String PRIVATE_ENV = "SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY";
    public static final String SECRET = "splice-app-sv-cometbft-governance-key";

    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode object;

    private Workloads(ObjectNode object) {
        this.object = object;
    }

    /** A participant that keeps its keys itself. */
    public static Workloads participant() {
        return deployment("participant", "canton-participant")
                .withEnv("CANTON_PARTICIPANT_POSTGRES_SERVER", "participant-pg")
                .withEnv("CANTON_PARTICIPANT_POSTGRES_DB", "participant_0");
    }

    /** The same on Google Cloud KMS. */
    public static Workloads kmsParticipant() {
        return participant().withKms(gcp("sv-participant"));
    }

    /** The fields of a KMS on Google Cloud. */
    public static String gcp(String keyRing) {
        return "type = gcp, location-id = us-east1, project-id = acme-canton, key-ring-id = " + keyRing;
    }

    /** The fields of a KMS on AWS. */
    public static String aws(String region, boolean multiRegion) {
        return "type = aws, region = " + region + ", multi-region-key = " + multiRegion;
    }

    /** An SV app on {@code participant} with CometBFT and without a governance key. */
    public static Workloads svApp() {
        return deployment("sv-app", "sv-app")
                .withEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS", "participant")
                .withNode("current", "comet-bft-config.enabled = true");
    }

    /** The same with its governance key as the chart wires it. */
    public static Workloads keyedSvApp() {
        return svApp().withNode(
                        "current",
                        "comet-bft-config { enabled = true, governance-key { public-key = ${?" + PUBLIC_ENV
                                + "}, private-key = ${?" + PRIVATE_ENV + "} } }")
                .withSecretEnv(PUBLIC_ENV, SECRET, "public")
                .withSecretEnv(PRIVATE_ENV, SECRET, "private");
    }

    private static Workloads deployment(String name, String image) {
        var object = JSON.createObjectNode().put("apiVersion", "apps/v1").put("kind", "Deployment");
        object.putObject("metadata").put("name", name).put("namespace", "sv");
        var spec = object.putObject("spec").put("replicas", 1);
        var template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", name);
        var container =
                template.putObject("spec").putArray("containers").addObject().put("name", name);
        container.put("image", "registry.example.com:5000/splice/" + image + ":0.7.3@sha256:ab");
        container.putArray("env");
        return new Workloads(object);
    }

    public Workloads named(String name) {
        return with(copy -> ((ObjectNode) copy.path("metadata")).put("name", name));
    }

    /** With the status of a Deployment that is not available, as its controller writes it. */
    public Workloads unavailable(String created, String since) {
        return with(copy -> {
            ((ObjectNode) copy.path("metadata")).put("creationTimestamp", created);
            copy.putObject("status")
                    .putArray("conditions")
                    .addObject()
                    .put("type", "Available")
                    .put("status", "False")
                    .put("lastTransitionTime", since);
        });
    }

    public Workloads in(String namespace) {
        return with(copy -> ((ObjectNode) copy.path("metadata")).put("namespace", namespace));
    }

    public Workloads ofKind(String kind) {
        return with(copy -> copy.put("kind", kind));
    }

    public Workloads withImage(String image) {
        return with(copy -> container(copy).put("image", image));
    }

    public Workloads withContainerName(String name) {
        return with(copy -> container(copy).put("name", name));
    }

    public Workloads withReplicas(int replicas) {
        return with(copy -> ((ObjectNode) copy.path("spec")).put("replicas", replicas));
    }

    public Workloads withAnnotation(String name, String value) {
        return with(copy -> ((ObjectNode) copy.path("metadata"))
                .withObjectProperty("annotations")
                .put(name, value));
    }

    /** Adds an env var behind the others, even where the name is there. */
    public Workloads withEnv(String name, String value) {
        return with(copy -> env(copy).addObject().put("name", name).put("value", value));
    }

    public Workloads withSecretEnv(String name, String secret, String key) {
        return with(copy -> env(copy)
                .addObject()
                .put("name", name)
                .putObject("valueFrom")
                .putObject("secretKeyRef")
                .put("name", secret)
                .put("key", key));
    }

    public Workloads withOptionalSecretEnv(String name, String secret, String key) {
        return withSecretEnv(name, secret, key).with(copy -> {
            var last = (ObjectNode) env(copy).path(env(copy).size() - 1);
            ((ObjectNode) last.at("/valueFrom/secretKeyRef")).put("optional", true);
        });
    }

    public Workloads withConfigMapEnv(String name, String map, String key, boolean optional) {
        return with(copy -> env(copy)
                .addObject()
                .put("name", name)
                .putObject("valueFrom")
                .putObject("configMapKeyRef")
                .put("name", map)
                .put("key", key)
                .put("optional", optional));
    }

    public Workloads withFieldEnv(String name) {
        return with(copy -> env(copy)
                .addObject()
                .put("name", name)
                .putObject("valueFrom")
                .putObject("fieldRef")
                .put("fieldPath", "metadata.name"));
    }

    /** Mounts a Secret, whole or one key of it. */
    public Workloads withSecretMount(String volume, String secret, String path, String subPath) {
        return withVolume(volume, v -> v.putObject("secret").put("secretName", secret))
                .withMount(volume, path, subPath);
    }

    public Workloads withVolume(String name, Consumer<ObjectNode> source) {
        return with(copy -> {
            var pod = (ObjectNode) copy.at("/spec/template/spec");
            source.accept(pod.withArrayProperty("volumes").addObject().put("name", name));
        });
    }

    public Workloads withMount(String volume, String path, String subPath) {
        return with(copy -> container(copy)
                .withArrayProperty("volumeMounts")
                .addObject()
                .put("name", volume)
                .put("mountPath", path)
                .put("subPath", subPath));
    }

    /** Removes every env var of that name. */
    public Workloads withoutEnv(String name) {
        return with(copy -> {
            for (var i = env(copy).size() - 1; i >= 0; i--) {
                if (env(copy).path(i).path("name").asString().equals(name)) {
                    env(copy).remove(i);
                }
            }
        });
    }

    public Workloads withAddress(String address) {
        return withoutEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS").withEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS", address);
    }

    /** The chart's {@code kms} values. */
    public Workloads withKms(String fields) {
        return withoutEnv(KMS_ENV)
                .withEnv(
                        KMS_ENV,
                        "canton.participants.participant.crypto {\n  provider = kms\n  kms = { " + fields + " }\n}\n");
    }

    /** The chart's configuration of one synchronizer node. */
    public Workloads withNode(String node, String config) {
        var name = "ADDITIONAL_CONFIG_SV_DOMAIN_" + node.toUpperCase(java.util.Locale.ROOT);
        return withoutEnv(name)
                .withEnv(name, "canton.sv-apps.sv.local-synchronizer-nodes." + node + " { " + config + " }\n");
    }

    /** Any change to the object itself. */
    public Workloads with(Consumer<ObjectNode> change) {
        var copy = object.deepCopy();
        change.accept(copy);
        return new Workloads(copy);
    }

    private static ObjectNode container(JsonNode object) {
        return (ObjectNode) object.at("/spec/template/spec/containers/0");
    }

    private static ArrayNode env(JsonNode object) {
        return (ArrayNode) container(object).path("env");
    }

    public ObjectNode json() {
        return object.deepCopy();
    }

    /** As the guard reads it. */
    public Workload read() {
        return ((WorkloadReader.Reading.Read) WorkloadReader.read(object, "sv")).workload();
    }

    /** A Service that selects by label {@code app}. */
    public static ObjectNode service(String namespace, String name, String app) {
        var service = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Service");
        service.putObject("metadata").put("name", name).put("namespace", namespace);
        service.putObject("spec").putObject("selector").put("app", app);
        return service;
    }

    /** A Secret as Kubernetes shows it. */
    public static ObjectNode secret(String namespace, String name, Map<String, String> texts) {
        var secret = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", name).put("namespace", namespace);
        var data = secret.putObject("data");
        new LinkedHashMap<>(texts)
                .forEach((key, text) -> data.put(
                        key,
                        java.util.Base64.getEncoder()
                                .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        return secret;
    }
}
