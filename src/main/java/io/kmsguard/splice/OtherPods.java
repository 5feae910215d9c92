// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Containers of Splice in an object that holds its pod where {@link PodTemplate} does not look, such as an Argo Workflow. */
public final class OtherPods {

    /** Deeper than any kind that runs pods, and no depth for a stack to end. */
    private static final int DEEPEST = 24;

    private final String namespace;
    private final List<Found> found = new ArrayList<>();

    private OtherPods(String namespace) {
        this.namespace = namespace;
    }

    /**
     * A pod.
     *
     * @param pointer the JSON pointer of what holds its containers
     * @param roles what of Splice it runs, in the order of {@link Role}; never empty
     */
    public record Found(String pointer, List<Role> roles) {}

    /**
     * The first pod that runs Splice, wherever it stands.
     *
     * @param object an object of any kind
     */
    public static Optional<Found> in(JsonNode object, String namespace) {
        var pods = new OtherPods(namespace);
        pods.visit(object, "", 0);
        return pods.found.stream().findFirst();
    }

    private void visit(JsonNode node, String pointer, int depth) {
        if (depth > DEEPEST || !found.isEmpty()) {
            return;
        }
        if (node.isArray()) {
            for (var i = 0; i < node.size(); i++) {
                visit(node.get(i), pointer + "/" + i, depth + 1);
            }
            return;
        }
        if (node.path("containers").isArray()) {
            pod(pointer, node);
        } else if (node.path("container").path("image").isString()) {
            var pod = JsonNodeFactory.instance.objectNode();
            pod.putArray("containers").add(node.path("container"));
            pod(pointer + "/container", pod);
        }
        for (var field : node.properties()) {
            visit(field.getValue(), pointer + "/" + escaped(field.getKey()), depth + 1);
        }
    }

    private void pod(String pointer, JsonNode spec) {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("kind", "Pod");
        object.set("spec", spec);
        if (WorkloadReader.read(object, namespace) instanceof WorkloadReader.Reading.Read read
                && !read.workload().roles().isEmpty()) {
            found.add(new Found(pointer, read.workload().roles()));
        }
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
