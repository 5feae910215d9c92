// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads a container's {@code env} and {@code envFrom}. What has not the shape of an entry is left out. */
final class EnvReader {

    private EnvReader() {}

    /**
     * @param path the JSON pointer of the container
     * @param volumes {@code spec.volumes} of its pod
     */
    static Environment read(JsonNode container, String path, JsonNode volumes) {
        var env = container.path("env");
        var assembly = new Environment.Assembly(env.size());
        var sources = container.path("envFrom");
        for (var i = 0; i < sources.size(); i++) {
            envFrom(sources.path(i)).ifPresent(source -> assembly.add(source, Optional.empty(), ""));
        }
        for (var i = 0; i < env.size(); i++) {
            var entry = env.path(i);
            var name = WorkloadReader.text(entry, "name");
            if (!name.isEmpty()) {
                assembly.add(new EnvVar(name, value(entry), path + "/env/" + i), Optional.empty());
            }
        }
        return assembly.done(Launch.read(container, volumes));
    }

    private static EnvValue value(JsonNode entry) {
        var text = WorkloadReader.text(entry, "value");
        var from = entry.path("valueFrom");
        // The kubelet looks at valueFrom only where value is empty.
        if (!text.isEmpty() || !from.isObject()) {
            return text.indexOf('$') < 0 ? new EnvValue.Literal(text) : new EnvValue.Template(text, "");
        }
        var secret = from.path("secretKeyRef");
        if (secret.isObject()) {
            return new EnvValue.SecretKey(
                    WorkloadReader.text(secret, "name"), WorkloadReader.text(secret, "key"), isOptional(secret));
        }
        var map = from.path("configMapKeyRef");
        if (map.isObject()) {
            return new EnvValue.ConfigMapKey(
                    WorkloadReader.text(map, "name"), WorkloadReader.text(map, "key"), isOptional(map));
        }
        return new EnvValue.AtRunTime("a field that only the running pod has");
    }

    private static Optional<EnvFrom> envFrom(JsonNode entry) {
        var secret = entry.path("secretRef");
        var ref = secret.isObject() ? secret : entry.path("configMapRef");
        return ref.isObject()
                ? Optional.of(new EnvFrom(
                        secret.isObject() ? "Secret" : "ConfigMap",
                        WorkloadReader.text(ref, "name"),
                        WorkloadReader.text(entry, "prefix"),
                        isOptional(ref)))
                : Optional.empty();
    }

    private static boolean isOptional(JsonNode reference) {
        var optional = reference.path("optional");
        return optional.isBoolean() && optional.booleanValue();
    }
}
