// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A cluster with the guard's memory in it, and nothing taken from what was heard.
 *
 * @param identities the memory
 */
record AskedSurroundings(ClusterSurroundings cluster, RememberedIdentities identities) implements Surroundings {

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        return cluster.get(ref, deadline);
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return cluster.workloads(namespace, deadline);
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return cluster.workloads(deadline);
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return cluster.governanceSecrets(name, deadline);
    }

    @Override
    public Lookup<List<Sighting>> remembered(Deadline deadline) {
        return identities.asked(deadline);
    }
}
