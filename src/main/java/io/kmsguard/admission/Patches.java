// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.injection.PatchOperation;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON patches (RFC 6902) as they go over the wire, and applied to a tree. */
public final class Patches {

    private Patches() {}

    /** The operations as JSON. */
    public static JsonNode toJson(List<PatchOperation> operations) {
        return AdmissionReviews.tree(operations.stream()
                .map(operation -> new java.util.TreeMap<>(
                        Map.of("op", "add", "path", operation.path(), "value", operation.value())))
                .toList());
    }

    /**
     * A copy of the object with everything added.
     *
     * @throws IllegalArgumentException where a path leads nowhere: the patch was made for another object
     */
    public static JsonNode apply(JsonNode object, List<PatchOperation> operations) {
        var copy = object.deepCopy();
        for (var operation : operations) {
            var slash = operation.path().lastIndexOf('/');
            var parent = copy.at(operation.path().substring(0, slash));
            var last = operation.path().substring(slash + 1);
            var value = AdmissionReviews.tree(operation.value());
            if (parent instanceof ArrayNode array && last.equals("-")) {
                array.add(value);
            } else if (parent instanceof ObjectNode node) {
                node.set(last, value);
            } else {
                throw new IllegalArgumentException("nothing to add to at " + operation.path());
            }
        }
        return copy;
    }
}
