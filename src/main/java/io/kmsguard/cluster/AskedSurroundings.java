// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A cluster with the guard's memory in it, and nothing taken from what was heard but where to look: what was found is asked for by
 * name, and what may be new is listed in the namespace that matters. Listing the whole cluster for each denial would take seconds in
 * a large one.
 *
 * @param identities the memory
 * @param heard what was heard
 */
record AskedSurroundings(ClusterSurroundings cluster, RememberedIdentities identities, Surroundings heard)
        implements Surroundings {

    /** With more than these, one list of the cluster is asked for sooner. */
    private static final int MOST_BY_NAME = 50;

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
    public Lookup<List<Workload>> users(String namespace, Deadline deadline) {
        return anew(heard.users(namespace, deadline), namespace, deadline);
    }

    @Override
    public Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        return anew(heard.running(databases, namespace, deadline), namespace, deadline);
    }

    /** The workloads of a namespace, and those that were heard of elsewhere; absent where too many were, or nobody listens. */
    private Lookup<List<Workload>> anew(Lookup<List<Workload>> known, String namespace, Deadline deadline) {
        return known.then(all -> {
            var elsewhere = all.stream()
                    .map(Workload::ref)
                    .filter(ref -> !ref.namespace().equals(namespace))
                    .toList();
            return elsewhere.size() > MOST_BY_NAME
                    ? Lookup.absent()
                    : cluster.workloads(namespace, deadline).then(here -> with(here, elsewhere, deadline));
        });
    }

    private Lookup<List<Workload>> with(List<Workload> here, List<ObjectRef> elsewhere, Deadline deadline) {
        var all = new ArrayList<>(here);
        for (var ref : elsewhere) {
            var looked = cluster.get(ref, deadline);
            if (looked instanceof Lookup.Unknown<JsonNode> unknown) {
                return Lookup.unknown(unknown.why());
            }
            looked.toOptional()
                    .flatMap(object -> Guarded.of(object, ref.kind()))
                    .ifPresent(guarded -> all.add(guarded.workload()));
        }
        return Lookup.found(List.copyOf(all));
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return cluster.governanceSecrets(name, deadline);
    }

    @Override
    public Lookup<Instant> rememberedSince(Deadline deadline) {
        return identities.since(deadline);
    }

    @Override
    public Lookup<List<Sighting>> remembered(Deadline deadline) {
        return identities.asked(deadline);
    }
}
