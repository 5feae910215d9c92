// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks into resolved HOCON in which each env var stands as a mark, and puts the values in where it looks. So it knows
 * which env vars count, and no other value (a database password) is ever part of the tree.
 */
final class HoconTree {

    /** Noncharacters of Unicode, which no text interchanges. */
    private static final char OPEN = '\uFDD0';

    private static final char CLOSE = '\uFDD1';

    private final ConfigObject root;
    private final Environment env;
    private final Set<String> substituted = new LinkedHashSet<>();
    /** Notes by path, one a path. */
    private final Map<String, String> unknown = new LinkedHashMap<>();

    HoconTree(ConfigObject root, Environment env) {
        this.root = root;
        this.env = env;
    }

    /**
     * A scalar.
     *
     * @param known false where part of it is not; that part is then <code>${NAME}</code>
     */
    record Scalar(String text, boolean known) {}

    /** What stands for an env var's value. */
    static String mark(String name) {
        return OPEN + name + CLOSE;
    }

    /** The env var that a value is, if it is that and nothing else. */
    static Optional<String> marked(String text) {
        var whole = text.length() > 2 && text.charAt(0) == OPEN && text.indexOf(CLOSE) == text.length() - 1;
        return whole ? Optional.of(text.substring(1, text.length() - 1)) : Optional.empty();
    }

    ConfigObject root() {
        return root;
    }

    Set<String> substituted() {
        return substituted;
    }

    /** What was looked at and is not known, each as a clause that begins with the path. */
    List<String> unknown() {
        return List.copyOf(unknown.values());
    }

    /** Whether what stands at a path was found to be not known. */
    boolean notes(String path) {
        return unknown.containsKey(path);
    }

    /** A block; empty where there is none, or a scalar. One that depends on something not known is noted. */
    Optional<ConfigObject> object(ConfigObject parent, String key, String path) {
        return value(parent, key, path).filter(ConfigObject.class::isInstance).map(ConfigObject.class::cast);
    }

    /** A scalar; empty where there is none, or a block or list. */
    Optional<Scalar> scalar(ConfigObject parent, String key, String path) {
        try {
            var value = parent.get(key);
            if (value == null || isNested(value) || value.unwrapped() == null) {
                return Optional.empty();
            }
            return Optional.of(bound(value.unwrapped().toString(), path));
        } catch (ConfigException.NotResolved unresolved) {
            unknown.put(path, path + ", which needs what the manifest does not define");
            return Optional.of(new Scalar("${…}", false));
        }
    }

    /** An unresolved value shows itself only when it is looked into, by an exception. */
    private static ConfigValue lookedInto(ConfigValue value) {
        Objects.requireNonNull(value instanceof ConfigObject block ? block.keySet() : value.valueType());
        return value;
    }

    static boolean isNested(ConfigValue value) {
        return value instanceof ConfigObject || value instanceof ConfigList;
    }

    /** The blocks below a block by name, in order of the names. */
    List<Map.Entry<String, ConfigObject>> children(Optional<ConfigObject> parent, String path) {
        var found = new ArrayList<Map.Entry<String, ConfigObject>>();
        parent.ifPresent(block -> {
            for (var key : new TreeSet<>(block.keySet())) {
                object(block, key, path + "." + key).ifPresent(child -> found.add(Map.entry(key, child)));
            }
        });
        return found;
    }

    /** The value as it is in the tree, marks included. */
    Optional<ConfigValue> value(ConfigObject parent, String key, String path) {
        try {
            var value = parent.get(key);
            return Optional.ofNullable(value).map(HoconTree::lookedInto);
        } catch (ConfigException.NotResolved unresolved) {
            unknown.put(path, path + ", which needs what the manifest does not define");
            return Optional.empty();
        }
    }

    /** The string at that place, marks included; for looking into another resolution of the same text. */
    static Optional<String> raw(ConfigObject root, List<String> path) {
        ConfigValue at = root;
        try {
            for (var key : path) {
                if (at instanceof ConfigList list && key.matches("\\d{1,4}")) {
                    var index = Integer.parseInt(key);
                    at = index < list.size() ? list.get(index) : null;
                } else {
                    at = at instanceof ConfigObject block ? block.get(key) : null;
                }
                if (at == null) {
                    return Optional.empty();
                }
            }
            return at.valueType() == ConfigValueType.STRING
                    ? Optional.of(at.unwrapped().toString())
                    : Optional.empty();
        } catch (ConfigException.NotResolved unresolved) {
            return Optional.empty();
        }
    }

    /** The env vars that stand in a text as marks. */
    static List<String> marks(String raw) {
        var names = new ArrayList<String>();
        for (var open = raw.indexOf(OPEN); open >= 0; open = raw.indexOf(OPEN, open + 1)) {
            var close = raw.indexOf(CLOSE, open);
            if (close > open) {
                names.add(raw.substring(open + 1, close));
            }
        }
        return names;
    }

    /** A text with the values put in for the marks; empty where one is not known. */
    static Optional<String> unmarked(String raw, Environment env) {
        var text = raw;
        for (var name : marks(raw)) {
            var value = env.get(name).flatMap(variable -> variable.value().text());
            if (value.isEmpty()) {
                return Optional.empty();
            }
            text = text.replace(mark(name), value.get());
        }
        return Optional.of(text);
    }

    Scalar bound(String raw, String path) {
        if (raw.indexOf(OPEN) < 0) {
            return new Scalar(raw, true);
        }
        var out = new StringBuilder();
        var known = true;
        var from = 0;
        while (from < raw.length()) {
            var open = raw.indexOf(OPEN, from);
            var close = open < 0 ? -1 : raw.indexOf(CLOSE, open);
            if (close < 0) {
                out.append(raw, from, raw.length());
                break;
            }
            out.append(raw, from, open);
            var name = raw.substring(open + 1, close);
            substituted.add(name);
            var text = env.get(name).flatMap(variable -> variable.value().text());
            if (text.isEmpty()) {
                known = false;
                var source = env.get(name).map(variable -> variable.value().source());
                unknown.put(path, path + ", which reads " + name + " from " + source.orElse("somewhere else"));
            }
            out.append(text.orElse("${" + name + "}"));
            from = close + 1;
        }
        return new Scalar(out.toString(), known);
    }

    /**
     * A digest of each value below a block, by its path from there. A value that an env var holds counts by its content where that is
     * known, else by where it comes from: what is not known is no reason not to judge the rest.
     */
    Map<String, String> digests(ConfigObject block) {
        var digests = new TreeMap<String, String>();
        digests("", block, digests);
        return Map.copyOf(digests);
    }

    private void digests(String path, ConfigValue value, Map<String, String> digests) {
        try {
            if (value instanceof ConfigObject block) {
                block.forEach((key, child) -> digests(path.isEmpty() ? key : path + "." + key, child, digests));
            } else if (value instanceof ConfigList list) {
                for (var i = 0; i < list.size(); i++) {
                    digests(path + "." + i, list.get(i), digests);
                }
                digests.put(path, Digests.of("list of " + list.size()));
            } else {
                digests.put(path, Digests.of(content(String.valueOf(value.unwrapped()))));
            }
        } catch (ConfigException.NotResolved unresolved) {
            digests.put(path, Digests.of("not resolved"));
        }
    }

    private String content(String raw) {
        var text = raw;
        for (var name : marks(raw)) {
            substituted.add(name);
            var value = env.get(name).map(EnvVar::value);
            text = text.replace(
                    mark(name),
                    value.flatMap(EnvValue::text)
                            .orElse("${" + name + "} from "
                                    + value.map(EnvValue::source).orElse("nowhere")));
        }
        return text;
    }
}
