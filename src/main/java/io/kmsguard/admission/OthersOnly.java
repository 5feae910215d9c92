// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A world in which one participant does not run yet. What runs tells better than what is remembered, so a participant that is
 * taken for created would else be the proof of its own keys, and hide that its database was last seen with others.
 *
 * @param self the object that is judged
 */
record OthersOnly(Surroundings world, ObjectRef self) implements Surroundings {

    @Override
    public Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        var some = world.running(databases, namespace, deadline);
        return (some instanceof Lookup.Absent ? world.workloads(deadline) : some)
                .map(all -> all.stream()
                        .filter(workload -> !workload.ref().equals(self))
                        .toList());
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        return world.get(ref, deadline);
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
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return world.governanceSecrets(name, deadline);
    }

    @Override
    public Lookup<List<GovernanceSecret>> holders(Set<String> fingerprints, SecretNames names, Deadline deadline) {
        return world.holders(fingerprints, names, deadline);
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
    public Lookup<List<String>> mutatingWebhooks(Deadline deadline) {
        return world.mutatingWebhooks(deadline);
    }

    @Override
    public Lookup<List<Workload>> users(String namespace, Deadline deadline) {
        return world.users(namespace, deadline);
    }
}
