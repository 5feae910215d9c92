// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * The files that volumes put into a container, as far as manifests tell their content: a configuration may include any of them.
 *
 * @param mounts all that is mounted, whatever it is
 * @param texts what was looked up, by path
 */
record MountedFiles(List<Mount> mounts, Map<String, String> texts) {

    static final MountedFiles NONE = new MountedFiles(List.of(), Map.of());

    /**
     * One entry of {@code volumeMounts}.
     *
     * @param path without a slash at its end
     * @param subPath the part of the volume that is mounted; empty for all of it
     * @param kind {@code ConfigMap} or {@code Secret}; empty for a volume that no manifest tells the content of
     * @param optional whether a pod starts without the object
     * @param keys the object's key by path in the volume, where the volume picks some
     */
    private record Mount(
            String path, String subPath, String kind, String name, boolean optional, Map<String, String> keys) {

        boolean holds(String file) {
            return !file.isEmpty() && (file.equals(path) || file.startsWith(path + "/"));
        }

        /** The object's key for a file that it holds; empty where there is none. */
        Optional<String> key(String file) {
            var rest = file.substring(path.length());
            var inVolume = (subPath + rest).replaceAll("^/+", "");
            return kind.isEmpty() || inVolume.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(keys.isEmpty() ? inVolume : keys.get(inVolume));
        }
    }

    /** @param volumes {@code spec.volumes} of the pod */
    static MountedFiles of(JsonNode container, JsonNode volumes) {
        var mounts = container.path("volumeMounts");
        return mounts.isEmpty()
                ? NONE
                : new MountedFiles(
                        StreamSupport.stream(mounts.spliterator(), false)
                                .map(mount ->
                                        mount(mount, ConfigFiles.volume(volumes, WorkloadReader.text(mount, "name"))))
                                .toList(),
                        Map.of());
    }

    private static Mount mount(JsonNode mount, JsonNode volume) {
        var map = volume.path("configMap");
        var secret = volume.path("secret");
        var source = map.isObject() ? map : secret;
        var isTold = source.isObject() && !mount.has("subPathExpr");
        return new Mount(
                ConfigFiles.withoutEnd(WorkloadReader.text(mount, "mountPath")),
                ConfigFiles.withoutEnd(WorkloadReader.text(mount, "subPath")),
                isTold ? (map.isObject() ? "ConfigMap" : "Secret") : "",
                WorkloadReader.text(source, map.isObject() ? "name" : "secretName"),
                source.path("optional").asBoolean(false),
                ConfigFiles.keys(source.path("items")));
    }

    /** What stands at a path; empty where it is no file of a ConfigMap or Secret. */
    Optional<ConfigFile> at(String path) {
        return mounts.stream()
                .filter(mount -> mount.holds(path))
                .max(Comparator.comparingInt(mount -> mount.path().length()))
                .flatMap(mount -> mount.key(path)
                        .map(key -> new ConfigFile(
                                path, mount.kind(), mount.name(), key, Optional.ofNullable(texts.get(path)))));
    }

    /** Whether nothing is mounted without that ConfigMap or Secret. */
    boolean needs(ObjectRef object, String namespace) {
        return mounts.stream()
                .anyMatch(mount ->
                        !mount.optional() && object.equals(new ObjectRef(mount.kind(), namespace, mount.name())));
    }

    /** The same with the texts of those files put in. */
    MountedFiles completed(
            String namespace, Set<String> paths, Function<ObjectRef, Optional<Map<String, String>>> data) {
        var read = new HashMap<>(texts);
        for (var path : paths) {
            at(path).flatMap(file -> file.ref(namespace)
                            .flatMap(data)
                            .flatMap(found -> Optional.ofNullable(found.get(file.key()))))
                    .ifPresent(text -> read.put(path, text));
        }
        return read.equals(texts) ? this : new MountedFiles(mounts, Map.copyOf(read));
    }

    /** Not the texts. */
    @Override
    public String toString() {
        return "MountedFiles" + mounts;
    }
}
