// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What is around the object of a golden: manifests. A document of kind {@code Unreadable} names an object, or the Secrets
 * of a name in all namespaces, or with none all workloads, that cannot be read, and says why; one of kind
 * {@code ParticipantIdentities} is what is remembered.
 */
final class GoldenWorld implements Surroundings {

    private final Surroundings manifests;
    private final Map<ObjectRef, String> unreadable = new HashMap<>();
    private Optional<String> unreadableWorkloads = Optional.empty();
    private IdentityMemory memory = IdentityMemory.EMPTY;

    private GoldenWorld(List<Manifest> manifests) {
        this.manifests = ManifestSurroundings.of(List.of(), manifests, "default");
        for (var manifest : manifests) {
            var why = manifest.object().path("why").asString("");
            var object = manifest.object().path("object");
            if (object.isObject()) {
                unreadable.put(
                        new ObjectRef(
                                object.path("kind").asString(),
                                object.path("namespace").asString(),
                                object.path("name").asString()),
                        why);
            } else if (manifest.kind().equals("ParticipantIdentities")) {
                var reading = IdentityText.read(manifest.object().toString());
                memory = ((IdentityText.Reading.Read) reading).memory();
            } else if (manifest.kind().equals("Unreadable")) {
                unreadableWorkloads = Optional.of(why);
            }
        }
    }

    static GoldenWorld read(String file, String text) {
        var reading = ManifestReader.read(file, text);
        assertThat(reading.problems()).isEmpty();
        return new GoldenWorld(reading.manifests());
    }

    /** A world of these objects. */
    static GoldenWorld of(JsonNode... objects) {
        return read("world", Stream.of(objects).map(JsonNode::toString).collect(Collectors.joining("\n---\n")));
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        return unreadable.containsKey(ref) ? Lookup.unknown(unreadable.get(ref)) : manifests.get(ref, deadline);
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return unreadableWorkloads
                .<Lookup<List<Workload>>>map(Lookup::unknown)
                .orElseGet(() -> manifests.workloads(namespace, deadline));
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        var everywhere = new ObjectRef("Secret", "*", name);
        return unreadable.containsKey(everywhere)
                ? Lookup.unknown(unreadable.get(everywhere))
                : manifests.governanceSecrets(name, deadline);
    }

    @Override
    public boolean isRunning(ObjectRef workload) {
        return manifests.isRunning(workload);
    }

    @Override
    public Lookup<List<Workload>> users(String namespace, Deadline deadline) {
        return unreadableWorkloads
                .<Lookup<List<Workload>>>map(Lookup::unknown)
                .orElseGet(() -> manifests.users(namespace, deadline));
    }

    @Override
    public Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        return unreadableWorkloads
                .<Lookup<List<Workload>>>map(Lookup::unknown)
                .orElseGet(() -> manifests.running(databases, namespace, deadline));
    }

    @Override
    public Lookup<List<String>> mutatingWebhooks(Deadline deadline) {
        return manifests.mutatingWebhooks(deadline);
    }

    @Override
    public Lookup<List<Sighting>> remembered(Deadline deadline) {
        return Lookup.found(memory.sightings());
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return unreadableWorkloads
                .<Lookup<List<Workload>>>map(Lookup::unknown)
                .orElseGet(() -> manifests.workloads(deadline));
    }
}
