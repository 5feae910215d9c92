// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.bench;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The two Deployments that are reviewed most, as large as a cluster sends them: 40 env, 1 KB of HOCON, and the managed
 * fields that make up half of a stored object. An UPDATE review holds it twice and has about 30 KB.
 */
public enum Guarded {
    /** A participant on Google Cloud KMS. */
    PARTICIPANT("participant", "canton-participant") {
        @Override
        void configure(EnvList env, int variant) {
            env.add("ADDITIONAL_CONFIG_SPLICE_PARTICIPANT_CRYPTO_PROVIDER_KMS", """
                    canton.participants.participant.crypto {
                      provider = kms
                      kms = {
                        type = gcp
                        location-id = europe-west3
                        project-id = example-%06d
                        key-ring-id = sv-participant
                      }
                    }
                    """.formatted(variant));
            env.add("ADDITIONAL_CONFIG_PARAMETERS", settings("canton.participants.participant.parameters", 720));
            env.add("GOOGLE_APPLICATION_CREDENTIALS", "/app/gcp-credentials.json");
        }
    },
    /** An SV app with one CometBFT node and its governance key from outside. */
    SV_APP("sv-app", "sv-app") {
        @Override
        void configure(EnvList env, int variant) {
            env.add("SPLICE_APP_SV_PARTICIPANT_ADDRESS", "participant");
            env.add("SPLICE_APP_SV_COMETBFT_ENABLED", "true");
            env.add("ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT", """
                    canton.sv-apps.sv.local-synchronizer-nodes.current {
                      sequencer.external-public-api-url = "https://sequencer-%06d.sv.example.com"
                      comet-bft-config {
                        enabled = true
                        connection-uri = "http://cometbft-rpc:26657"
                        governance-key {
                          public-key = ${?SPLICE_APP_SV_COMETBFT_GOVERNANCE_PUBLIC_KEY}
                          private-key = ${?SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY}
                        }
                      }
                    }
                    """.formatted(variant));
            env.add("ADDITIONAL_CONFIG_SV_PARAMETERS", settings("canton.sv-apps.sv.parameters", 500));
            env.fromSecret("SPLICE_APP_SV_COMETBFT_GOVERNANCE_PUBLIC_KEY", BenchWorld.SECRET, "public");
            env.fromSecret("SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY", BenchWorld.SECRET, "private");
        }
    };

    private static final int ENV = 40;
    private static final int MANAGED_FIELDS = 235;

    private final String objectName;
    private final String image;

    Guarded(String objectName, String image) {
        this.objectName = objectName;
        this.image = image;
    }

    abstract void configure(EnvList env, int variant);

    String objectName() {
        return objectName;
    }

    /**
     * The Deployment.
     *
     * @param variant one configuration of many, all of one size
     */
    ObjectNode deployment(int variant) {
        var object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "apps/v1").put("kind", "Deployment");
        var metadata = object.putObject("metadata").put("name", objectName).put("namespace", BenchWorld.NAMESPACE);
        label(metadata.putObject("labels"));
        managedFields(metadata);
        var spec = object.putObject("spec").put("replicas", 1);
        spec.putObject("selector").putObject("matchLabels").put("app", objectName);
        spec.putObject("strategy").put("type", "Recreate");
        var template = spec.putObject("template");
        label(template.putObject("metadata").putObject("labels"));
        var container = template.putObject("spec").putArray("containers").addObject();
        container.put("name", objectName).put("image", "registry.example.com/splice/" + image + ":0.7.3");
        var env = new EnvList(container.putArray("env"));
        configure(env, variant);
        env.fillUpTo(ENV);
        return object;
    }

    private void label(ObjectNode labels) {
        labels.put("app", objectName)
                .put("app.kubernetes.io/managed-by", "Helm")
                .put("app.kubernetes.io/version", "0.7.3");
    }

    /** As the API server keeps it: nested objects that no rule reads. */
    private static void managedFields(ObjectNode metadata) {
        var entry = metadata.putArray("managedFields").addObject();
        entry.put("manager", "helm").put("operation", "Update").put("apiVersion", "apps/v1");
        var fields = entry.putObject("fieldsV1").putObject("f:spec").putObject("f:template");
        for (int i = 0; i < MANAGED_FIELDS; i++) {
            fields.putObject("k:{\"name\":\"FIELD_" + i + "\"}").putObject("f:value");
        }
    }

    /** HOCON of about that many characters, of which no rule reads anything. */
    private static String settings(String root, int length) {
        var text = new StringBuilder(root).append(" {\n");
        for (int i = 0; text.length() < length; i++) {
            text.append("  group-")
                    .append(i / 4)
                    .append(".setting-")
                    .append(i)
                    .append(" = ")
                    .append(i)
                    .append("s\n");
        }
        return text.append("}\n").toString();
    }
}
