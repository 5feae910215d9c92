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
 */
record Launch(List<String> command, List<ConfigFile> files) {

    static final Launch USUAL = new Launch(List.of(), List.of());

    /** What the image runs by itself, and what leads there without changing anything. */
    private static final Pattern ENTRY_POINT = Pattern.compile("(\\S*/)?entrypoint\\.sh");

    private static final Pattern WRAPPER = Pattern.compile("(/usr)?(/s?bin/)?(tini|dumb-init|bash|sh)|--|-g");

    static Launch read(JsonNode container, JsonNode volumes) {
        var command = container.path("command");
        var files = ConfigFiles.of(container, volumes);
        return command.isEmpty() && files.isEmpty()
                ? USUAL
                : new Launch(
                        command.valueStream().map(word -> word.asString("")).toList(), files);
    }

    /** Whether something else than the image's entry point runs, so that nothing is known of what it does with the configuration. */
    boolean isUnknown() {
        var last = command.size() - 1;
        return last >= 0
                && !(ENTRY_POINT.matcher(command.get(last)).matches()
                        && command.subList(0, last).stream()
                                .allMatch(word -> WRAPPER.matcher(word).matches()));
    }

    Set<ObjectRef> references(String namespace) {
        var found = new LinkedHashSet<ObjectRef>();
        files.forEach(file -> file.ref(namespace).ifPresent(found::add));
        return found;
    }

    /** The same with what was looked up put in. */
    Launch completed(String namespace, Function<ObjectRef, Optional<Map<String, String>>> data) {
        return files.isEmpty()
                ? this
                : new Launch(
                        command,
                        files.stream()
                                .map(file -> file.with(file.ref(namespace)
                                        .flatMap(data)
                                        .flatMap(texts -> Optional.ofNullable(texts.get(file.key())))))
                                .toList());
    }
}
