// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads every key of a configuration that Canton can read, and tells which env var each comes from. */
final class EffectiveEntries {

    private static final String UNDEFINED = quoted("<needs what the manifest does not define>");

    private final Environment whole;
    private final Environment withoutSecrets;
    private final HoconOrigins origins;
    private final ConfigObject written;
    private final ConfigObject resolved;
    private final List<EffectiveConfig.Entry> entries = new ArrayList<>();

    EffectiveEntries(Environment whole, Environment withoutSecrets) {
        this.whole = whole;
        this.withoutSecrets = withoutSecrets;
        var variables = AdditionalConfig.texts(whole);
        var trees = HoconReader.trees(HoconText.of(variables), whole);
        this.written = trees.written();
        this.resolved = trees.resolved();
        this.origins = new HoconOrigins(variables, whole);
    }

    List<EffectiveConfig.Entry> read() {
        // What stands for env vars is beside the text's own keys.
        for (var key : new TreeSet<>(written.keySet())) {
            child(resolved, key, List.of());
        }
        return List.copyOf(entries);
    }

    private void child(ConfigObject parent, String key, List<String> above) {
        var path = new ArrayList<>(above);
        path.add(key);
        try {
            var value = parent.get(key);
            if (value instanceof ConfigObject block && !block.isEmpty()) {
                new TreeSet<>(block.keySet()).forEach(name -> child(block, name, path));
            } else if (value != null) {
                leaf(value, path);
            }
        } catch (ConfigException.NotResolved unresolved) {
            add(path, UNDEFINED, origins.lastWriter(path));
        }
    }

    private void leaf(ConfigValue value, List<String> path) {
        var text =
                value.valueType() == ConfigValueType.STRING ? value.unwrapped().toString() : "";
        var origin = HoconTree.marks(text).isEmpty() ? origins.at(value.origin()) : origins.lastWriter(path);
        add(path, shown(value, path, origin.map(HoconOrigins.Place::variable)), origin);
    }

    private void add(List<String> path, String value, Optional<HoconOrigins.Place> origin) {
        entries.add(new EffectiveConfig.Entry(
                path.stream().map(Redaction::key).toList(),
                value,
                origin.map(place -> place.variable().name()).orElse(""),
                origin.filter(place ->
                                EffectiveConfig.RoadKind.of(place.variable()) != EffectiveConfig.RoadKind.PROPERTY)
                        .map(HoconOrigins.Place::line)
                        .orElse(0),
                origin.map(place -> origins.below(place.variable(), path)).orElse(List.of())));
    }

    private String shown(ConfigValue value, List<String> path, Optional<EnvVar> writer) {
        if (value instanceof ConfigList list) {
            return list.stream()
                    .map(element -> shown(element, path, writer))
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof ConfigObject block) {
            return new TreeSet<>(block.keySet())
                    .stream()
                            .map(key -> quoted(Redaction.key(key)) + ": " + inner(block, key, path, writer))
                            .collect(Collectors.joining(", ", "{", "}"));
        }
        var fromSecret = writer.flatMap(this::secret);
        if (fromSecret.isPresent()) {
            return quoted(fromSecret.get());
        }
        return value.valueType() == ConfigValueType.STRING
                ? quoted(text(value.unwrapped().toString(), path))
                : Redaction.hidesPlace(path) ? quoted(Redaction.HIDDEN) : value.render(ConfigRenderOptions.concise());
    }

    private String inner(ConfigObject block, String key, List<String> path, Optional<EnvVar> writer) {
        var below = new ArrayList<>(path);
        below.add(key);
        try {
            var value = block.get(key);
            return value == null ? UNDEFINED : shown(value, below, writer);
        } catch (ConfigException.NotResolved unresolved) {
            return UNDEFINED;
        }
    }

    private String text(String raw, List<String> path) {
        var names = HoconTree.marks(raw);
        for (var name : names) {
            var fromSecret = secret(name);
            if (fromSecret.isPresent()) {
                return fromSecret.get();
            }
        }
        var bound = new HoconTree(resolved, withoutSecrets).bound(raw, "").text();
        return Redaction.hidesPlace(path) || names.stream().anyMatch(Redaction::hidesName) || Redaction.hidesText(bound)
                ? Redaction.HIDDEN
                : bound;
    }

    /** The same of what a text is: of a file, nothing that a Secret holds is shown. */
    private Optional<String> secret(EnvVar writer) {
        return writer.value() instanceof EnvValue.SecretKey key && writer.name().startsWith("/")
                ? Optional.of(fromSecret(key))
                : secret(writer.name());
    }

    private static String fromSecret(EnvValue.SecretKey key) {
        return "<from Secret " + key.secret() + ", key " + key.key() + ">";
    }

    /** Where the value of an env var comes from, unless it is known without opening a Secret. */
    private Optional<String> secret(String name) {
        if (withoutSecrets
                .get(name)
                .flatMap(variable -> variable.value().text())
                .isPresent()) {
            return Optional.empty();
        }
        var value = withoutSecrets.get(name).or(() -> whole.get(name)).map(EnvVar::value);
        return value.map(
                known -> known instanceof EnvValue.SecretKey key ? fromSecret(key) : "<from " + known.source() + ">");
    }

    private static String quoted(String text) {
        return ConfigUtil.quoteString(text);
    }
}
