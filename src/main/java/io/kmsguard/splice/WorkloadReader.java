// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
        var template = PodTemplate.pointer(object);
        var pod = object.at(template + "/spec");
        var containers = pod.path("containers");
        if (!containers.isArray()) {
            return new Reading.Malformed(template + "/spec/containers", "is no list of containers");
        }
        var metadata = object.path("metadata");
        var labelled = labelled(strings(metadata.path("labels")));
        var read = new ArrayList<Container>();
        for (var i = 0; i < containers.size(); i++) {
            var path = template + "/spec/containers/" + i;
            if (!containers.get(i).isObject()) {
                return new Reading.Malformed(path, "is no object");
            }
            read.add(container(i, path, containers.get(i), pod.path("volumes"), labelled));
        }
        sidecars(pod, template, labelled, read);
        var own = text(metadata, "namespace");
        var ref = new ObjectRef(text(object, "kind"), own.isEmpty() ? namespace : own, text(metadata, "name"));
        var account = text(pod, "serviceAccountName");
        var replicas = object.path("spec").path("replicas");
        return new Reading.Read(new Workload(
                ref,
                template,
                strings(object.at(template + "/metadata/labels")),
                strings(metadata.path("annotations")),
                account.isEmpty() ? "default" : account,
                replicas.isInt() ? OptionalInt.of(replicas.intValue()) : OptionalInt.empty(),
                List.copyOf(read),
                volumes(pod.path("volumes")),
                pod.path("volumes").isArray(),
                tagged(read).or(() -> labelled),
                Availability.neverSince(object)));
    }

    /** Init containers that run beside the others for as long as the pod does. */
    private static void sidecars(
            JsonNode pod, String template, Optional<SpliceVersion> labelled, List<Container> read) {
        var init = pod.path("initContainers");
        for (var i = 0; i < init.size(); i++) {
            if (text(init.path(i), "restartPolicy").equals("Always")) {
                var path = template + "/spec/initContainers/" + i;
                read.add(container(read.size(), path, init.path(i), pod.path("volumes"), labelled));
            }
        }
    }

    private static Optional<SpliceVersion> labelled(Map<String, String> labels) {
        var chart = labels.getOrDefault("helm.sh/chart", "");
        return SpliceVersion.parse(labels.getOrDefault("app.kubernetes.io/version", ""))
                .or(() -> SpliceVersion.ofChart(chart));
    }

    /** The release that the image of a container with a role is tagged with. */
    static Optional<SpliceVersion> tagged(List<Container> containers) {
        return containers.stream()
                .filter(container -> !container.roles().isEmpty())
                .flatMap(container -> container.image().release().stream())
                .findFirst();
    }

    private static Container container(
            int index, String path, JsonNode node, JsonNode volumes, Optional<SpliceVersion> labelled) {
        var image = Image.parse(text(node, "image"));
        var env = EnvReader.read(node, path, volumes);
        var version = image.release().or(() -> labelled);
        var config = AdditionalConfig.read(env, Releases.canton(version));
        var name = text(node, "name");
        var roles = Role.of(name, image, env, config.reading());
        return new Container(
                index,
                path,
                name,
                image,
                env,
                config,
                roles,
                CometBftNodes.merged(config.reading().blocks(), env, roles.contains(Role.SV_APP)),
                node.path("env").isArray(),
                mounts(node.path("volumeMounts")),
                node.path("volumeMounts").isArray());
    }

    private static List<Container.Mount> mounts(JsonNode list) {
        var mounts = new ArrayList<Container.Mount>();
        list.forEach(entry ->
                mounts.add(new Container.Mount(text(entry, "name"), text(entry, "mountPath"), text(entry, "subPath"))));
        return List.copyOf(mounts);
    }

    private static Map<String, Optional<String>> volumes(JsonNode list) {
        var volumes = new LinkedHashMap<String, Optional<String>>();
        list.forEach(entry -> {
            var secret = entry.path("secret");
            // With items the files have names of their own, and an optional one may be absent.
            var plain = !secret.has("items") && !secret.path("optional").asBoolean(false);
            volumes.put(
                    text(entry, "name"),
                    Optional.of(text(secret, "secretName")).filter(name -> plain && !name.isEmpty()));
        });
        return volumes;
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
