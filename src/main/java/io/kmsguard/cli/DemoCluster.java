// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The demo's cluster: what was admitted is there. */
final class DemoCluster implements Surroundings {

    private final ConcurrentMap<ObjectRef, JsonNode> objects = new ConcurrentHashMap<>();

    /** Stores an object, in the place of the one of its name. */
    void put(JsonNode object) {
        objects.put(ref(object), object);
    }

    Optional<JsonNode> find(JsonNode like) {
        return Optional.ofNullable(objects.get(ref(like)));
    }

    static ObjectRef ref(JsonNode object) {
        var metadata = object.path("metadata");
        return new ObjectRef(
                object.path("kind").asString(""),
                metadata.path("namespace").asString(""),
                metadata.path("name").asString(""));
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        return Optional.ofNullable(objects.get(ref)).map(Lookup::found).orElseGet(Lookup::absent);
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return Lookup.found(
                all().filter(each -> each.ref().namespace().equals(namespace)).toList());
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return Lookup.found(objects.entrySet().stream()
                .filter(entry -> entry.getKey().kind().equals("Secret")
                        && entry.getKey().name().equals(name))
                .map(entry ->
                        GovernanceSecret.read(entry.getValue(), entry.getKey().namespace()))
                .toList());
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return Lookup.found(all().toList());
    }

    private Stream<Workload> all() {
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().kind().equals("Deployment"))
                .map(entry ->
                        WorkloadReader.read(entry.getValue(), entry.getKey().namespace()))
                .flatMap(reading -> reading instanceof WorkloadReader.Reading.Read read
                        ? Stream.of(read.workload())
                        : Stream.empty());
    }
}
