// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * How a container starts its process, as far as that decides which configuration counts.
 *
 * @param command of its own; empty where the image's entry point holds. Its arguments reach no configuration.
 * @param files what is mounted over the image's own configuration, in the order in which later ones win
 * @param mounted all that is mounted, of which a configuration may include files
 */
record Launch(List<String> command, List<ConfigFile> files, MountedFiles mounted) {

    /** What the image runs by itself, and what leads there without changing anything. */
    private static final Pattern ENTRY_POINT = Pattern.compile("(\\S*/)?entrypoint\\.sh");

    private static final Pattern WRAPPER = Pattern.compile("(/usr)?(/s?bin/)?(tini|dumb-init|bash|sh)|--|-g");

    static Launch read(JsonNode container, JsonNode volumes) {
        return new Launch(
                container
                        .path("command")
                        .valueStream()
                        .map(word -> word.asString(""))
                        .toList(),
                ConfigFiles.of(container, volumes),
                MountedFiles.of(container, volumes));
    }

    /** Whether nothing but what is included is another road than env vars. */
    boolean isUsual() {
        return command.isEmpty() && files.isEmpty();
    }

    /** Whether something else than the image's entry point runs, so that nothing is known of what it does with the configuration. */
    boolean isUnknown() {
        var last = command.size() - 1;
        return last >= 0
                && !(ENTRY_POINT.matcher(command.get(last)).matches()
                        && command.subList(0, last).stream()
                                .allMatch(word -> WRAPPER.matcher(word).matches()));
    }

    /** @param included the paths that the configuration includes */
    Set<ObjectRef> references(String namespace, Set<String> included) {
        var found = new LinkedHashSet<ObjectRef>();
        files.forEach(file -> file.ref(namespace).ifPresent(found::add));
        included.forEach(
                path -> mounted.at(path).flatMap(file -> file.ref(namespace)).ifPresent(found::add));
        return found;
    }

    /**
     * The same with what was looked up put in.
     *
     * @param included the paths that the configuration includes
     */
    Launch completed(String namespace, Set<String> included, Function<ObjectRef, Optional<Map<String, String>>> data) {
        return new Launch(
                command,
                files.stream()
                        .map(file -> file.with(file.ref(namespace)
                                .flatMap(data)
                                .flatMap(texts -> Optional.ofNullable(texts.get(file.key())))))
                        .toList(),
                mounted.completed(namespace, included, data));
    }
}
