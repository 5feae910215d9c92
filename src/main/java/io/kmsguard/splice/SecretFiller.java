// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Controllers that copy the content of one Secret into another one that was made empty for it and names its source: mittwald's
 * kubernetes-replicator ({@code replicate/consts.go}; its README, "Create an empty destination secret") and emberstack's
 * kubernetes-reflector (its README, "Annotate the mirror secret or configmap").
 */
public final class SecretFiller {

    private static final Map<String, String> BY_ANNOTATION = new TreeMap<>(Map.of(
            "replicator.v1.mittwald.de/replicate-from", "kubernetes-replicator",
            "reflector.v1.k8s.emberstack.com/reflects", "kubernetes-reflector"));

    private SecretFiller() {}

    /** What fills a Secret that is still empty, as a clause; empty where it has content, or names no such source. */
    public static Optional<String> of(JsonNode secret) {
        var annotations = secret.path("metadata").path("annotations");
        return BY_ANNOTATION.entrySet().stream()
                .filter(entry -> !annotations.path(entry.getKey()).asString("").isBlank())
                .filter(entry -> isEmpty(secret))
                .map(entry -> entry.getValue() + " fills it from "
                        + annotations.path(entry.getKey()).asString(""))
                .findFirst();
    }

    /** Some of its types need their keys from the start, with nothing behind them. */
    private static boolean isEmpty(JsonNode secret) {
        return SecretData.read(secret).values().stream().allMatch(text -> text.isEmpty() && !text.isRefused());
    }
}
