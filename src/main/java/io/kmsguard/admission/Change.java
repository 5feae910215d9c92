// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Operation;
import io.kmsguard.splice.PodTemplate;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What is done to an object.
 *
 * @param kind the object's kind
 * @param namespace the namespace where the object names none
 * @param object the object as it shall be; of a DELETE, as it is
 * @param before the object as it is; only for UPDATE
 * @param partial whether what belongs to it may be there without being seen
 */
public record Change(
        Operation operation,
        String kind,
        String namespace,
        JsonNode object,
        Optional<JsonNode> before,
        boolean partial) {

    /** The same change with the object completed. */
    public Change with(JsonNode completed) {
        return new Change(operation, kind, namespace, completed, before, partial);
    }

    /**
     * Whether it leaves the pods as they are: metadata, status, or fewer replicas. What is switched on from zero
     * replicas is a change. Of a Secret or ConfigMap, whether its content stays.
     */
    boolean isIdle() {
        if (before.isEmpty() || operation != Operation.UPDATE) {
            return false;
        }
        if (kind.equals("Secret") || kind.equals("ConfigMap")) {
            return object.path("stringData").isEmpty()
                    && object.path("data").equals(before.get().path("data"));
        }
        var was = before.get().path("spec");
        var is = object.path("spec");
        var wakes = replicas(was) == 0 && replicas(is) != 0;
        var template = PodTemplate.pointer(object);
        var pods = template.isEmpty() ? "/spec" : template;
        return !wakes && before.get().at(pods).equals(object.at(pods));
    }

    private static int replicas(JsonNode spec) {
        return spec.path("replicas").asInt(1);
    }
}
