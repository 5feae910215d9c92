// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.splice.Workload;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What is kept of a Deployment or StatefulSet of Splice.
 *
 * @param uid empty where it has none
 * @param isLeaving whether it is being deleted
 * @param isReady whether a replica of it is; only then its participant has surely taken up its database
 */
record Guarded(Workload workload, String uid, boolean isLeaving, boolean isReady) {

    /** What is kept, if anything. */
    static Optional<Guarded> of(JsonNode object, String kind) {
        return ClusterSurroundings.read(object, kind)
                .filter(Guarded::isKept)
                .map(workload -> new Guarded(
                        workload,
                        object.path("metadata").path("uid").asString(""),
                        object.path("metadata").has("deletionTimestamp"),
                        object.path("status").path("readyReplicas").asInt(0) > 0));
    }

    /** Nothing of what has no role, and cannot turn out to have one when its configuration is looked up. */
    static boolean isKept(Workload workload) {
        return workload.containers().stream()
                        .anyMatch(container -> !container.roles().isEmpty())
                || !workload.references().isEmpty();
    }
}
