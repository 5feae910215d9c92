// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What is around the object of a golden. A document of kind {@code Unreadable} names an object, or all workloads, that
 * cannot be read, and says why.
 */
final class GoldenWorld implements Surroundings {

    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet");

    private final Map<ObjectRef, JsonNode> objects = new HashMap<>();
    private final Map<ObjectRef, String> unreadable = new HashMap<>();
    private final List<Workload> workloads = new ArrayList<>();
    private Optional<String> unreadableWorkloads = Optional.empty();

    GoldenWorld(List<JsonNode> documents) {
        for (var document : documents) {
            var kind = document.path("kind").asString();
            if (kind.equals("Unreadable")) {
                unreadable(document);
            } else if (WORKLOADS.contains(kind)) {
                workloads.add(((WorkloadReader.Reading.Read) WorkloadReader.read(document, "default")).workload());
            } else {
                objects.put(ref(kind, document.path("metadata")), document);
            }
        }
    }

    private void unreadable(JsonNode document) {
        var why = document.path("why").asString();
        if (document.has("object")) {
            var object = document.path("object");
            unreadable.put(ref(object.path("kind").asString(), object), why);
        } else {
            unreadableWorkloads = Optional.of(why);
        }
    }

    private static ObjectRef ref(String kind, JsonNode metadata) {
        return new ObjectRef(
                kind,
                metadata.path("namespace").asString(),
                metadata.path("name").asString());
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        if (unreadable.containsKey(ref)) {
            return Lookup.unknown(unreadable.get(ref));
        }
        return Optional.ofNullable(objects.get(ref)).map(Lookup::found).orElseGet(Lookup::absent);
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return workloads(deadline)
                .map(all -> all.stream()
                        .filter(workload -> workload.ref().namespace().equals(namespace))
                        .toList());
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return unreadableWorkloads
                .<Lookup<List<Workload>>>map(Lookup::unknown)
                .orElseGet(() -> Lookup.found(List.copyOf(workloads)));
    }
}
