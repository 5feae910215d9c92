// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What HOCON says of a participant's database ({@code storage.config.properties}). An env var stands as its mark, so that no
 * value is kept, and neither user nor password is looked at.
 *
 * @param server {@code serverName}; empty where the image's own configuration holds, as with the others
 * @param port {@code portNumber}
 * @param name {@code databaseName}
 * @param schema {@code currentSchema}
 */
record StorageConfig(Optional<String> server, Optional<String> port, Optional<String> name, Optional<String> schema) {

    private static final List<String> PROPERTIES = List.of("storage", "config", "properties");

    /** No env var has this name, so this is never known. */
    private static final Optional<String> NOT_KNOWN = Optional.of(HoconTree.mark("?"));

    private static final StorageConfig HIDDEN = new StorageConfig(NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN);

    /** What one participant's block says of it; empty where it says nothing. */
    static Optional<StorageConfig> read(ConfigObject participant) {
        try {
            var block = participant;
            for (var key : PROPERTIES) {
                if (!(block.get(key) instanceof ConfigObject inner)) {
                    return Optional.empty();
                }
                block = inner;
            }
            if (block.containsKey("url")) {
                return Optional.of(HIDDEN);
            }
            var read = new StorageConfig(
                    text(block, "serverName"),
                    text(block, "portNumber"),
                    text(block, "databaseName"),
                    text(block, "currentSchema"));
            return read.fields().findAny().map(any -> read);
        } catch (ConfigException.NotResolved unresolved) {
            return Optional.of(HIDDEN);
        }
    }

    private static Optional<String> text(ConfigObject block, String key) {
        try {
            var value = block.get(key);
            return value == null || value.unwrapped() == null
                    ? Optional.empty()
                    : Optional.of(value.unwrapped().toString());
        } catch (ConfigException.NotResolved unresolved) {
            return NOT_KNOWN;
        }
    }

    private Stream<String> fields() {
        return Stream.of(server, port, name, schema).flatMap(Optional::stream);
    }

    /** The env vars that it reads. */
    Set<String> names() {
        var names = new TreeSet<String>();
        fields().forEach(field -> names.addAll(HoconTree.marks(field)));
        return names;
    }
}
