// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.util.List;

/**
 * A world in which one participant does not run yet. What runs tells better than what is remembered, so a participant that is
 * taken for created would else be the proof of its own keys, and hide that its database was last seen with others.
 *
 * @param self the object that is judged
 */
record OthersOnly(Surroundings world, ObjectRef self) implements WrappedSurroundings {

    @Override
    public Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        var some = world.running(databases, namespace, deadline);
        return (some instanceof Lookup.Absent ? world.workloads(deadline) : some)
                .map(all -> all.stream()
                        .filter(workload -> !workload.ref().equals(self))
                        .toList());
    }
}
