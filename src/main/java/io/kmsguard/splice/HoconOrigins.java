// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which env var a place in the text that is made of several comes from. */
final class HoconOrigins {

    private final List<EnvVar> variables;
    private final Environment env;
    private final List<Integer> firstLines = new ArrayList<>();
    private final Map<EnvVar, Optional<ConfigObject>> written = new HashMap<>();

    /**
     * @param variables in the order of the text, as for {@link HoconText#of}
     * @param env whose files it may include
     */
    HoconOrigins(List<EnvVar> variables, Environment env) {
        this.env = env;
        this.variables = variables;
        var line = 1;
        for (var variable : variables) {
            firstLines.add(line);
            line += 1
                    + (int) variable.value()
                            .text()
                            .orElse("")
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
        }
    }

    /**
     * A place.
     *
     * @param line in the text of that env var, counted from 1
     */
    record Place(EnvVar variable, int line) {}

    /** Where a value of the whole text is; empty for what is no line of it. */
    Optional<Place> at(ConfigOrigin origin) {
        return included(origin).or(() -> at(origin.lineNumber()));
    }

    /** The description of what was included is its path, and then its line. */
    private Optional<Place> included(ConfigOrigin origin) {
        var description = origin.description();
        var end = description.lastIndexOf(": ");
        return description.startsWith("/") && end > 0
                ? env.launch()
                        .mounted()
                        .at(description.substring(0, end))
                        .map(file -> new Place(file.asVariable(), Math.max(1, origin.lineNumber())))
                : Optional.empty();
    }

    private Optional<Place> at(int line) {
        for (var i = variables.size() - 1; i >= 0; i--) {
            if (line >= firstLines.get(i)) {
                return Optional.of(new Place(variables.get(i), line - firstLines.get(i) + 1));
            }
        }
        return Optional.empty();
    }

    /**
     * The last env var whose text says something of a key. What is substituted has no line of its own, and of a key that
     * is said twice the parser only tells the first line.
     */
    Optional<Place> lastWriter(List<String> path) {
        for (var i = variables.size() - 1; i >= 0; i--) {
            var variable = variables.get(i);
            var place = written(variable)
                    .flatMap(root -> find(root, path))
                    .map(ConfigValue::origin)
                    .map(origin ->
                            included(origin).orElseGet(() -> new Place(variable, Math.max(1, origin.lineNumber()))));
            if (place.isPresent()) {
                return place;
            }
        }
        return Optional.empty();
    }

    private Optional<ConfigObject> written(EnvVar variable) {
        return written.computeIfAbsent(
                variable, any -> HoconReader.written(any.value().text().orElse(""), env));
    }

    /** The names of the texts before that one which say something of a key, too. */
    List<String> below(EnvVar winner, List<String> path) {
        var end = variables.indexOf(winner);
        return variables.subList(0, Math.max(0, end)).stream()
                .filter(variable ->
                        written(variable).flatMap(root -> find(root, path)).isPresent())
                .map(EnvVar::name)
                .toList();
    }

    private static Optional<ConfigValue> find(ConfigObject root, List<String> path) {
        ConfigValue at = root;
        for (var key : path) {
            // What is not resolved may be the block that the key is in.
            if (!(at instanceof ConfigObject block)) {
                return Optional.of(at);
            }
            try {
                var next = block.get(key);
                if (next == null) {
                    return Optional.empty();
                }
                at = next;
            } catch (ConfigException.NotResolved unresolved) {
                return Optional.of(at);
            }
        }
        return Optional.of(at);
    }
}
