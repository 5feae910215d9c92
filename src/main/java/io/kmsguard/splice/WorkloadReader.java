// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Reads a Deployment or StatefulSet. */
public final class WorkloadReader {

    private WorkloadReader() {}

    /** What came of reading. */
    public sealed interface Reading {
        /** It is a workload. */
        record Read(Workload workload) implements Reading {}

        /**
         * It has not the shape of one.
         *
         * @param path where, as a JSON pointer
         */
        record Malformed(String path, String reason) implements Reading {}
    }

    /**
     * Reads one object.
     *
     * @param namespace the namespace where the object names none
     */
    public static Reading read(JsonNode object, String namespace) {
        var pod = object.path("spec").path("template").path("spec");
        var containers = pod.path("containers");
        if (!containers.isArray()) {
            return new Reading.Malformed("/spec/template/spec/containers", "is no list of containers");
        }
        var read = new ArrayList<Container>();
        for (var i = 0; i < containers.size(); i++) {
            if (!containers.get(i).isObject()) {
                return new Reading.Malformed("/spec/template/spec/containers/" + i, "is no object");
            }
            read.add(container(i, containers.get(i)));
        }
        var metadata = object.path("metadata");
        var own = text(metadata, "namespace");
        var ref = new ObjectRef(text(object, "kind"), own.isEmpty() ? namespace : own, text(metadata, "name"));
        var account = text(pod, "serviceAccountName");
        var replicas = object.path("spec").path("replicas");
        return new Reading.Read(new Workload(
                ref,
                strings(object.path("spec").path("template").path("metadata").path("labels")),
                strings(metadata.path("annotations")),
                account.isEmpty() ? "default" : account,
                replicas.isInt() ? OptionalInt.of(replicas.intValue()) : OptionalInt.empty(),
                List.copyOf(read),
                names(pod.path("volumes"), "name"),
                pod.path("volumes").isArray(),
                version(read, strings(metadata.path("labels")))));
    }

    private static Optional<SpliceVersion> version(List<Container> containers, Map<String, String> labels) {
        for (var container : containers) {
            var tagged = container.image().tag().flatMap(SpliceVersion::parse);
            if (!container.roles().isEmpty() && tagged.isPresent()) {
                return tagged;
            }
        }
        return SpliceVersion.parse(labels.getOrDefault("app.kubernetes.io/version", ""));
    }

    private static Container container(int index, JsonNode node) {
        var image = Image.parse(text(node, "image"));
        var env = EnvReader.env(node.path("env"), "/spec/template/spec/containers/" + index + "/env/");
        var envFrom = EnvReader.envFrom(node.path("envFrom"));
        var effective = new LinkedHashMap<String, EnvVar>();
        env.forEach(variable -> effective.put(variable.name(), variable));
        var config = AdditionalConfig.read(effective, envFrom);
        var name = text(node, "name");
        return new Container(
                index,
                name,
                image,
                env,
                envFrom,
                config,
                Role.of(name, image, env, config.reading()),
                node.path("env").isArray(),
                names(node.path("volumeMounts"), "mountPath"),
                node.path("volumeMounts").isArray());
    }

    private static Set<String> names(JsonNode list, String field) {
        var names = new LinkedHashSet<String>();
        list.forEach(entry -> names.add(text(entry, field)));
        return names;
    }

    private static Map<String, String> strings(JsonNode object) {
        var map = new LinkedHashMap<String, String>();
        for (var entry : object.properties()) {
            if (entry.getValue().isString()) {
                map.put(entry.getKey(), entry.getValue().stringValue());
            }
        }
        return map;
    }

    static String text(JsonNode parent, String field) {
        var value = parent.path(field);
        return value instanceof MissingNode || !value.isString() ? "" : value.stringValue();
    }
}
