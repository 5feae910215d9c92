// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.admission.WrappedSurroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * A cluster with what the guard that is installed there remembers of databases, as its own reviews know it.
 *
 * @param world the cluster without that
 * @param identities asked since when they are kept
 * @param sightings what they were when the cluster was first asked
 */
public record RememberingSurroundings(
        Surroundings world, RememberedIdentities identities, Lookup<List<Sighting>> sightings)
        implements WrappedSurroundings {

    /**
     * The cluster with the memory of the one installation in it. Without one it is the cluster alone; so it is where the memory cannot be
     * read, and then that is told.
     *
     * @param untold takes, as a clause, why the memory cannot be read
     */
    public static Surroundings of(ClusterSurroundings cluster, Deadline deadline, Consumer<String> untold) {
        var installations = cluster.installations(deadline);
        if (installations instanceof Lookup.Unknown<List<Installation>> unknown) {
            untold.accept(unknown.why());
        }
        var found = installations.toOptional().orElse(List.of());
        if (found.size() > 1) {
            untold.accept("there is more than one installation of the guard: " + found.get(0) + ", " + found.get(1));
        }
        if (found.size() != 1) {
            return cluster;
        }
        var identities = RememberedIdentities.of(cluster, found.get(0));
        var sightings = identities.asked(deadline);
        if (sightings instanceof Lookup.Unknown<List<Sighting>> unknown) {
            untold.accept(unknown.why());
            return cluster;
        }
        return new RememberingSurroundings(cluster, identities, sightings);
    }

    @Override
    public Lookup<Instant> rememberedSince(Deadline deadline) {
        return identities.since(deadline);
    }

    @Override
    public Lookup<List<Sighting>> remembered(Deadline deadline) {
        return sightings;
    }
}
