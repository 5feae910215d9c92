// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestReader;
import io.kmsguard.policy.Judgement.Decision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo's story: an SV comes to a KMS participant, with the mistakes that are made on the way. */
final class DemoScript {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String GOVERNANCE = "splice-app-sv-cometbft-governance-key";
    private static final String FLAG = "governance-key-flag";
    private static final String SECRET = "governance-key-secret";

    private DemoScript() {}

    /** The steps in order; the keys in them are new each time. */
    static List<DemoStep> steps() {
        var pair = pair();
        var right = secret("sv", GOVERNANCE, Map.of("public", pair.publicKey, "private", pair.privateKey));
        // The guide's script prints other names than its jq reads: one half becomes the text null.
        var guides = secret("sv", GOVERNANCE, Map.of("publicKey", "null", "privateKey", pair.privateKey));
        var withFlag = deployment("sv-with-flag");
        return List.of(
                installed("helm install participant: a fresh one on Google Cloud KMS", "sv", "participant-kms"),
                denied("helm install sv: externalGovernanceKey forgotten", deployment("sv-without-flag"), FLAG),
                denied("helm install sv: with the flag, and without the Secret", withFlag, SECRET),
                denied("kubectl create secret: keys named as in the guide's commands", guides, SECRET),
                new DemoStep(
                        "helm install sv: such a Secret there from before the guard",
                        List.of(guides),
                        withFlag,
                        Decision.DENY,
                        List.of(SECRET),
                        List.of()),
                allowed("kubectl apply: the Secret made anew, a true pair, right names", right),
                allowed("helm install sv: the flag, and that Secret", withFlag),
                denied(
                        "helm upgrade participant: the KMS values file forgotten",
                        deployment("participant-forgotten"),
                        "kms-migration"),
                installed(
                        "helm install participant: on KMS, credentials not wired",
                        "sv-2",
                        "participant-bare",
                        "env GOOGLE_APPLICATION_CREDENTIALS",
                        "volumes gcp-credentials",
                        "volumeMounts gcp-credentials"));
    }

    /** A participant, to which is said what its SV will need. */
    private static DemoStep installed(String title, String namespace, String participant, String... added) {
        return new DemoStep(
                title,
                List.of(service(participant), credentials(namespace)),
                deployment(participant),
                Decision.WARN,
                List.of(FLAG),
                List.of(added));
    }

    private static DemoStep denied(String title, JsonNode object, String rule) {
        return new DemoStep(title, List.of(), object, Decision.DENY, List.of(rule), List.of());
    }

    private static DemoStep allowed(String title, JsonNode object) {
        return new DemoStep(title, List.of(), object, Decision.ALLOW, List.of(), List.of());
    }

    private static JsonNode deployment(String name) {
        return object(name, "Deployment");
    }

    private static JsonNode service(String name) {
        return object(name, "Service");
    }

    private static JsonNode object(String name, String kind) {
        var path = "/io/kmsguard/demo/" + name + ".yaml";
        try (var resource = DemoScript.class.getResourceAsStream(path)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + path);
            }
            var text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            return ManifestReader.read(path, text).manifests().stream()
                    .filter(manifest -> manifest.kind().equals(kind))
                    .map(Manifest::object)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static JsonNode credentials(String namespace) {
        return secret(namespace, "gke-credentials", Map.of("googleCredentials", "{}"));
    }

    private static JsonNode secret(String namespace, String name, Map<String, String> texts) {
        var secret = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("namespace", namespace).put("name", name);
        secret.put("type", "Opaque");
        var data = secret.putObject("data");
        texts.forEach((key, text) -> data.put(key, base64(text.getBytes(StandardCharsets.UTF_8))));
        return secret;
    }

    private record Pair(String publicKey, String privateKey) {}

    /** Each half as the SV app reads it: base64 of 32 bytes, which stand at the end of Java's encodings. */
    private static Pair pair() {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new Pair(
                    base64(last32(pair.getPublic().getEncoded())),
                    base64(last32(pair.getPrivate().getEncoded())));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java from 15 on knows Ed25519", impossible);
        }
    }

    private static byte[] last32(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
