// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Where an object holds the pod that it runs: Kubernetes' own kinds, and custom resources of the same shape (Argo Rollouts). */
public final class PodTemplate {

    private static final String USUAL = "/spec/template";

    private static final Set<String> APPS = Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet");

    private PodTemplate() {}

    /**
     * The JSON pointer of the pod's metadata and spec: empty for a Pod, which is one itself.
     *
     * @param object an object of any kind
     */
    public static String pointer(JsonNode object) {
        return switch (WorkloadReader.text(object, "kind")) {
            case "Pod" -> "";
            case "CronJob" -> "/spec/jobTemplate" + USUAL;
            default -> USUAL;
        };
    }

    /**
     * Whether an object runs pods of its own accord. One that a controller made runs what that one says, and is not looked at beside it.
     *
     * @param object an object of any kind
     */
    public static boolean isIn(JsonNode object) {
        var version = WorkloadReader.text(object, "apiVersion");
        var kind = WorkloadReader.text(object, "kind");
        if (controller(object).isPresent()) {
            return false;
        }
        return (APPS.contains(kind) && (version.startsWith("apps/") || version.startsWith("extensions/")))
                || object.at(pointer(object) + "/spec/containers").isArray();
    }

    /** What made an object and will make it anew, in the same namespace; empty where nothing did. */
    public static Optional<ObjectRef> controller(JsonNode object) {
        var metadata = object.path("metadata");
        return metadata.path("ownerReferences")
                .valueStream()
                .filter(owner -> owner.path("controller").asBoolean(false))
                .findFirst()
                .map(owner -> new ObjectRef(
                        WorkloadReader.text(owner, "kind"),
                        WorkloadReader.text(metadata, "namespace"),
                        WorkloadReader.text(owner, "name")));
    }
}
