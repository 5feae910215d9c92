// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AppliedSurroundings;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.admission.ManifestReader.Reading;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.ObjectRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What is there before the manifests that are judged are applied. */
interface Before {

    /**
     * The world after.
     *
     * @param problems objects that are given more than once
     */
    record World(Surroundings surroundings, List<ManifestProblem> problems) {}

    /** An object as it is, with which an update is compared. */
    Lookup<JsonNode> object(ObjectRef ref);

    /** The world with these applied. */
    World with(List<Manifest> manifests);

    /** What could not be read of it. */
    List<ManifestProblem> problems();

    /** Whether something may be there without being seen. */
    boolean isPartial();

    /**
     * What files say; where they say nothing, an empty cluster.
     *
     * @param defaultNamespace for objects that name none
     */
    static Before files(Reading old, String defaultNamespace) {
        Map<ObjectRef, JsonNode> objects = new HashMap<>();
        old.manifests().forEach(manifest -> objects.put(manifest.ref(defaultNamespace), manifest.object()));
        return new Before() {
            @Override
            public Lookup<JsonNode> object(ObjectRef ref) {
                var object = objects.get(ref);
                return object == null ? Lookup.absent() : Lookup.found(object);
            }

            @Override
            public World with(List<Manifest> manifests) {
                var world = ManifestSurroundings.of(manifests, old.manifests(), defaultNamespace);
                return new World(world, world.problems());
            }

            @Override
            public List<ManifestProblem> problems() {
                return old.problems();
            }

            @Override
            public boolean isPartial() {
                return true;
            }
        };
    }

    /**
     * A live cluster.
     *
     * @param live asked for each thing once, so that all manifests are judged by one state of it
     */
    static Before cluster(Surroundings live, String defaultNamespace) {
        return new Before() {
            @Override
            public Lookup<JsonNode> object(ObjectRef ref) {
                return live.get(ref, Deadline.none());
            }

            @Override
            public World with(List<Manifest> manifests) {
                var world = new AppliedSurroundings(live, manifests, defaultNamespace);
                return new World(world, world.problems());
            }

            @Override
            public List<ManifestProblem> problems() {
                return List.of();
            }

            @Override
            public boolean isPartial() {
                return false;
            }
        };
    }
}
