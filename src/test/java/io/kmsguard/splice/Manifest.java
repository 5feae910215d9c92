// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import io.kmsguard.splice.WorkloadReader.Reading;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A Deployment with one container, shaped as the charts render it; each test adds what it is about. */
final class Manifest {

    static final String KMS_ENV = "ADDITIONAL_CONFIG_SPLICE_PARTICIPANT_CRYPTO_PROVIDER_KMS";
    static final String PUBLIC_ENV = "SPLICE_APP_SV_COMETBFT_GOVERNANCE_PUBLIC_KEY";
    static final String PRIVATE_ENV = "SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY";
    static final String GOVERNANCE_KEY =
            "governance-key { public-key = ${?" + PUBLIC_ENV + "}, private-key = ${?" + PRIVATE_ENV + "} }";

    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode root = JSON.createObjectNode();
    private final ObjectNode container;

    private Manifest(String name, String image) {
        root.put("apiVersion", "apps/v1").put("kind", "Deployment");
        root.putObject("metadata").put("name", name).put("namespace", "sv");
        container = root.putObject("spec")
                .putObject("template")
                .putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", name)
                .put("image", image);
    }

    static Manifest participant() {
        return new Manifest("participant", "registry.example.com/canton-participant:0.7.3");
    }

    static Manifest svApp() {
        return new Manifest("sv-app", "registry.example.com/sv-app:0.7.3");
    }

    static Manifest other(String name, String image) {
        return new Manifest(name, image);
    }

    Manifest image(String reference) {
        container.put("image", reference);
        return this;
    }

    Manifest label(String key, String value) {
        ((ObjectNode) root.path("metadata")).withObject("/labels").put(key, value);
        return this;
    }

    Manifest env(String name, String value) {
        list("env").addObject().put("name", name).put("value", value);
        return this;
    }

    Manifest secretEnv(String name, String secret, String key, boolean optional) {
        return reference(name, "secretKeyRef", secret, key, optional);
    }

    Manifest configMapEnv(String name, String map, String key, boolean optional) {
        return reference(name, "configMapKeyRef", map, key, optional);
    }

    Manifest envFrom(String kind, String name, String prefix, boolean optional) {
        list("envFrom")
                .addObject()
                .put("prefix", prefix)
                .putObject(kind)
                .put("name", name)
                .put("optional", optional);
        return this;
    }

    private Manifest reference(String name, String kind, String object, String key, boolean optional) {
        list("env")
                .addObject()
                .put("name", name)
                .putObject("valueFrom")
                .putObject(kind)
                .put("name", object)
                .put("key", key)
                .put("optional", optional);
        return this;
    }

    private ArrayNode list(String field) {
        return container.get(field) instanceof ArrayNode there ? there : container.putArray(field);
    }

    /** The tree, to bend it further. */
    ObjectNode json() {
        return root;
    }

    ObjectNode containerJson() {
        return container;
    }

    Workload read() {
        return read(root);
    }

    static Workload read(JsonNode object) {
        return ((Reading.Read) WorkloadReader.read(object, "default")).workload();
    }

    Container container() {
        return read().containers().get(0);
    }

    AdditionalConfig config() {
        return container().config();
    }

    static JsonNode parse(String json) {
        return JSON.readTree(json);
    }
}
