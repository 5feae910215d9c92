// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Operation;
import io.kmsguard.splice.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One Kubernetes object out of a file.
 *
 * @param file as the operator named it; {@code -} for standard input
 * @param operation CREATE, or what the AdmissionReview says that it came in
 * @param namespace of the AdmissionReview; empty for a plain manifest
 * @param object as the API server hands it to a webhook: {@code stringData} of a Secret is folded into {@code data}
 * @param before the object before an UPDATE, where the AdmissionReview says it
 * @param lines where the object's values stand in the file
 */
public record Manifest(
        String file,
        Operation operation,
        Optional<String> namespace,
        JsonNode object,
        Optional<JsonNode> before,
        ManifestLines lines) {

    /** The same manifest with the object completed. */
    public Manifest with(JsonNode completed) {
        return new Manifest(file, operation, namespace, completed, before, lines);
    }

    /** The line of its first key, counted from 1. */
    public int line() {
        return lines.first();
    }

    public String kind() {
        return text(object, "kind");
    }

    /** Group and version, for example {@code apps/v1}. */
    public String apiVersion() {
        return text(object, "apiVersion");
    }

    /**
     * Its name in a cluster.
     *
     * @param defaultNamespace for an object that names none
     */
    public ObjectRef ref(String defaultNamespace) {
        var metadata = object.path("metadata");
        var own = text(metadata, "namespace");
        var name = text(metadata, "name");
        return new ObjectRef(
                kind(),
                own.isEmpty() ? namespace.orElse(defaultNamespace) : own,
                name.isEmpty() ? text(metadata, "generateName") : name);
    }

    /** What the API server stores for {@code stringData}, which it never shows. */
    static JsonNode folded(JsonNode object) {
        if (!text(object, "kind").equals("Secret") || !object.path("stringData").isObject()) {
            return object;
        }
        var copy = (ObjectNode) object.deepCopy();
        var data = copy.path("data").isObject() ? (ObjectNode) copy.get("data") : copy.putObject("data");
        copy.remove("stringData")
                .properties()
                .forEach(entry -> data.put(
                        entry.getKey(),
                        Base64.getEncoder()
                                .encodeToString(entry.getValue().asString("").getBytes(StandardCharsets.UTF_8))));
        return copy;
    }

    static String text(JsonNode parent, String field) {
        var value = parent.path(field);
        return value.isString() ? value.stringValue() : "";
    }
}
