// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.maker.MadeSecret;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A world that is another one but for what it says itself; it is not asked anew, and is its own world before. */
public interface WrappedSurroundings extends Surroundings {

    /** The other one. */
    Surroundings world();

    @Override
    default Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        return world().get(ref, deadline);
    }

    @Override
    default Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return world().workloads(namespace, deadline);
    }

    @Override
    default Lookup<List<Workload>> workloads(Deadline deadline) {
        return world().workloads(deadline);
    }

    @Override
    default Lookup<List<Workload>> users(String namespace, Deadline deadline) {
        return world().users(namespace, deadline);
    }

    @Override
    default Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        return world().running(databases, namespace, deadline);
    }

    @Override
    default Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return world().governanceSecrets(name, deadline);
    }

    @Override
    default Lookup<List<GovernanceSecret>> holders(Set<String> fingerprints, SecretNames names, Deadline deadline) {
        return world().holders(fingerprints, names, deadline);
    }

    @Override
    default Lookup<MadeSecret> maker(ObjectRef secret, Deadline deadline) {
        return world().maker(secret, deadline);
    }

    @Override
    default boolean isRunning(ObjectRef workload) {
        return world().isRunning(workload);
    }

    @Override
    default boolean isWhole() {
        return world().isWhole();
    }

    @Override
    default Lookup<List<Sighting>> remembered(Deadline deadline) {
        return world().remembered(deadline);
    }

    @Override
    default Lookup<Instant> rememberedSince(Deadline deadline) {
        return world().rememberedSince(deadline);
    }

    @Override
    default Lookup<List<String>> mutatingWebhooks(Deadline deadline) {
        return world().mutatingWebhooks(deadline);
    }
}
