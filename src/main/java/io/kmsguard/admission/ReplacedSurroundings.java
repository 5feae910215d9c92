// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.ObjectRef;
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
        implements WrappedSurroundings {

    @Override
    public Surroundings before() {
        return earlier.orElse(this);
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef other, Deadline deadline) {
        return other.equals(ref) ? now : world.get(other, deadline);
    }
}
