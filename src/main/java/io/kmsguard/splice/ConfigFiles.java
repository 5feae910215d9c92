// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Finds the volumes that a container mounts over the files from which Canton takes configuration (the entry point and {@code app.conf} of
 * Canton's image, {@code docker/canton/images}). What is mounted anywhere else is none of them.
 */
final class ConfigFiles {

    static final String ADDITIONAL = "/app/additional-config.conf";

    private static final String FOLDER = "/app";

    /** All that is read, in the order in which later ones win; {@code app.conf} includes the first. */
    static final List<String> TEXTS =
            List.of("/app/storage.conf", "/app/app.conf", "/app/monitoring.conf", "/app/parameters.conf", ADDITIONAL);

    /** Scripts that run before Canton does, and the folder of all. */
    private static final List<String> OTHERS = List.of(FOLDER, "/app/pre-bootstrap.sh", "/app/entrypoint.sh");

    private ConfigFiles() {}

    /** @param volumes {@code spec.volumes} of the pod */
    static List<ConfigFile> of(JsonNode container, JsonNode volumes) {
        var found = new ArrayList<ConfigFile>();
        for (var mount : container.path("volumeMounts")) {
            var written = WorkloadReader.text(mount, "mountPath");
            if (!written.startsWith(FOLDER)) {
                continue;
            }
            var path = withoutEnd(written);
            if (TEXTS.contains(path)) {
                found.add(file(path, mount, volume(volumes, WorkloadReader.text(mount, "name"))));
            } else if (OTHERS.contains(path)) {
                found.add(unread(path, "volume " + WorkloadReader.text(mount, "name")));
            }
        }
        if (found.isEmpty()) {
            return List.of();
        }
        found.sort((one, other) -> TEXTS.indexOf(one.path()) - TEXTS.indexOf(other.path()));
        return List.copyOf(found);
    }

    /** A path without slashes at its end. */
    static String withoutEnd(String path) {
        var end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    static JsonNode volume(JsonNode volumes, String name) {
        for (var volume : volumes) {
            if (WorkloadReader.text(volume, "name").equals(name)) {
                return volume;
            }
        }
        return volumes.path(-1);
    }

    private static ConfigFile file(String path, JsonNode mount, JsonNode volume) {
        var file = WorkloadReader.text(mount, "subPath");
        var map = volume.path("configMap");
        var source = map.isObject() ? map : volume.path("secret");
        // Without subPath a folder stands where Canton looks for a file.
        if (file.isEmpty() || !source.isObject()) {
            return unread(path, "volume " + WorkloadReader.text(mount, "name"));
        }
        return new ConfigFile(
                path,
                map.isObject() ? "ConfigMap" : "Secret",
                WorkloadReader.text(source, map.isObject() ? "name" : "secretName"),
                keys(source.path("items")).getOrDefault(file, file),
                Optional.empty());
    }

    /** The keys that a volume picks, by path in it. */
    static Map<String, String> keys(JsonNode items) {
        Map<String, String> keys = new HashMap<>();
        items.forEach(item -> keys.put(WorkloadReader.text(item, "path"), WorkloadReader.text(item, "key")));
        return Map.copyOf(keys);
    }

    private static ConfigFile unread(String path, String volume) {
        return new ConfigFile(path, "", volume, "", Optional.empty());
    }
}
