// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A cluster with no other workloads than those of which a replica is ready.
 *
 * @param ready those
 */
record ReadySurroundings(ClusterSurroundings cluster, Supplier<Lookup<List<Workload>>> ready) implements Surroundings {

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        return cluster.get(ref, deadline);
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
        return ready.get();
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return cluster.governanceSecrets(name, deadline);
    }
}
