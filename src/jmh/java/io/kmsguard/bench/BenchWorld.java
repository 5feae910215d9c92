// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.bench;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A cluster that answers from memory, as a watch does: one participant, its SV app, their Service and the Secret. */
final class BenchWorld implements Surroundings {

    static final String NAMESPACE = "sv";
    static final String SECRET = "splice-app-sv-cometbft-governance-key";

    private final List<Workload> workloads = Stream.of(Guarded.values())
            .map(each -> WorkloadReader.read(each.deployment(0), NAMESPACE))
            .map(reading -> ((WorkloadReader.Reading.Read) reading).workload())
            .toList();
    private final JsonNode service = service();
    private final JsonNode secret = secret();

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        if (ref.kind().equals("Service") && ref.name().equals("participant")) {
            return Lookup.found(service);
        }
        return ref.kind().equals("Secret") && ref.name().equals(SECRET) ? Lookup.found(secret) : Lookup.absent();
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return Lookup.found(workloads);
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return Lookup.found(workloads);
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return Lookup.found(List.of(GovernanceSecret.read(secret, NAMESPACE)));
    }

    private static ObjectNode named(String kind, String name) {
        var object =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", kind);
        object.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
        return object;
    }

    static JsonNode service() {
        var service = named("Service", "participant");
        service.putObject("spec").putObject("selector").put("app", "participant");
        return service;
    }

    static JsonNode secret() {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var encoded = pair.getPublic().getEncoded();
            var secret = named("Secret", SECRET);
            secret.putObject("data")
                    .put("public", inSecret(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)))
                    .put(
                            "private",
                            inSecret(((EdECPrivateKey) pair.getPrivate())
                                    .getBytes()
                                    .orElseThrow()));
            return secret;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no Ed25519", e);
        }
    }

    /** The key's base64 text, encoded once more as every value of a Secret. */
    private static String inSecret(byte[] key) {
        var text = Base64.getEncoder().encodeToString(key);
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
