// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A world in which one object is another one.
 *
 * @param world all else
 * @param ref the object
 * @param now what is there in its place; empty where it is gone
 * @param earlier the world before the change, with the object as it was; empty where this is it
 */
record ReplacedSurroundings(Surroundings world, ObjectRef ref, Lookup<JsonNode> now, Optional<Surroundings> earlier)
        implements Surroundings {

    @Override
    public Surroundings before() {
        return earlier.orElse(this);
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef other, Deadline deadline) {
        return other.equals(ref) ? now : world.get(other, deadline);
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return world.workloads(namespace, deadline);
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return world.workloads(deadline);
    }

    @Override
    public Lookup<List<Workload>> users(String namespace, Deadline deadline) {
        return world.users(namespace, deadline);
    }

    @Override
    public Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        return world.running(databases, namespace, deadline);
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return world.governanceSecrets(name, deadline);
    }

    @Override
    public boolean isWhole() {
        return world.isWhole();
    }

    @Override
    public boolean isRunning(ObjectRef workload) {
        return world.isRunning(workload);
    }

    @Override
    public Lookup<List<Sighting>> remembered(Deadline deadline) {
        return world.remembered(deadline);
    }

    @Override
    public Lookup<Instant> rememberedSince(Deadline deadline) {
        return world.rememberedSince(deadline);
    }

    @Override
    public Lookup<List<String>> mutatingWebhooks(Deadline deadline) {
        return world.mutatingWebhooks(deadline);
    }
}
