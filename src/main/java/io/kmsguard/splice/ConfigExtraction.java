// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Takes what the guard cares about out of a resolved configuration. */
final class ConfigExtraction {

    private static final List<String> NODE_BLOCKS = List.of("current", "successor", "legacy");
    private static final List<Role> CANTON_NODES = List.of(Role.PARTICIPANT, Role.SEQUENCER, Role.MEDIATOR);

    private final ConfigObject root;
    private final Optional<Supplier<Config>> withUnsetEnv;

    /**
     * @param withUnsetEnv the same configuration as if the optional env vars that are not set were; tells
     *     <code>${?X}</code> without X from a key that nobody mentions
     */
    ConfigExtraction(Config config, Optional<Supplier<Config>> withUnsetEnv) {
        this.root = config.root();
        this.withUnsetEnv = withUnsetEnv;
    }

    ConfigReading read() {
        var canton = object(root, "canton");
        var roots = canton.map(c -> new LinkedHashSet<>(c.keySet())).orElseGet(LinkedHashSet::new);
        var cryptos = new ArrayList<CryptoConfig>();
        for (var role : CANTON_NODES) {
            for (var node : children(canton.flatMap(c -> object(c, role.configRoot())))) {
                object(node.getValue(), "crypto")
                        .ifPresent(crypto -> cryptos.add(new CryptoReader(role, node.getKey(), crypto).read()));
            }
        }
        var nodes = new ArrayList<CometBftNode>();
        object(root, "_comet_bft_config").ifPresent(block -> nodes.add(node("", "current", block)));
        for (var app : children(canton.flatMap(c -> object(c, Role.SV_APP.configRoot())))) {
            nodes.addAll(nodesOf(app.getKey(), app.getValue()));
        }
        return new ConfigReading(Optional.empty(), true, roots, cryptos, List.copyOf(nodes));
    }

    private List<CometBftNode> nodesOf(String app, ConfigObject config) {
        var nodes = new ArrayList<CometBftNode>();
        object(config, "local-synchronizer-node")
                .flatMap(block -> object(block, "comet-bft-config"))
                .ifPresent(block -> nodes.add(node(app, "current", block)));
        var many = object(config, "local-synchronizer-nodes");
        for (var name : NODE_BLOCKS) {
            many.flatMap(block -> object(block, name))
                    .flatMap(block -> object(block, "comet-bft-config"))
                    .ifPresent(block -> nodes.add(node(app, name, block)));
        }
        additionalLegacy(many)
                .forEach((index, block) -> object(block, "comet-bft-config")
                        .ifPresent(comet -> nodes.add(node(app, "additional-legacy." + index, comet))));
        return nodes;
    }

    /** {@code additional-legacy} is a list, in HOCON either {@code […]} or an object with numbers as keys. */
    private static Map<String, ConfigObject> additionalLegacy(Optional<ConfigObject> nodes) {
        var found = new TreeMap<String, ConfigObject>();
        var value = nodes.map(block -> block.get("additional-legacy")).orElse(null);
        if (value instanceof com.typesafe.config.ConfigList list) {
            for (var i = 0; i < list.size(); i++) {
                if (list.get(i) instanceof ConfigObject block) {
                    found.put(Integer.toString(i), block);
                }
            }
        } else if (value instanceof ConfigObject object) {
            children(Optional.of(object)).forEach(child -> found.put(child.getKey(), child.getValue()));
        }
        return found;
    }

    private CometBftNode node(String app, String name, ConfigObject block) {
        var key = object(block, "governance-key");
        var enabled = text(block, "enabled").filter("true"::equalsIgnoreCase).isPresent();
        return new CometBftNode(
                app,
                name,
                enabled,
                block.containsKey("governance-key"),
                source(app, name, key, "public-key"),
                source(app, name, key, "private-key"));
    }

    private CometBftNode.KeySource source(String app, String name, Optional<ConfigObject> block, String field) {
        var value = block.map(b -> b.get(field)).orElse(null);
        if (value != null && value.valueType() == ConfigValueType.STRING) {
            return envOf(value)
                    .<CometBftNode.KeySource>map(CometBftNode.KeySource.Env::new)
                    .orElseGet(() -> new CometBftNode.KeySource.Inline(
                            KeyText.of(value.unwrapped().toString())));
        }
        if (block.isEmpty() || withUnsetEnv.isEmpty()) {
            return new CometBftNode.KeySource.Missing();
        }
        var others = new ConfigExtraction(withUnsetEnv.get().get(), Optional.empty())
                .read()
                .nodes();
        for (var other : others) {
            var same = other.app().equals(app) && other.name().equals(name);
            var found = field.equals("public-key") ? other.publicKey() : other.privateKey();
            if (same && found instanceof CometBftNode.KeySource.Env env) {
                return new CometBftNode.KeySource.UnsetEnv(env.name());
            }
        }
        return new CometBftNode.KeySource.Missing();
    }

    private static Optional<String> envOf(ConfigValue value) {
        var origin = value.origin().description();
        return origin.startsWith(HoconReader.ENV_ORIGIN)
                ? Optional.of(origin.substring(HoconReader.ENV_ORIGIN.length()))
                : Optional.empty();
    }

    static Optional<ConfigObject> object(ConfigObject parent, String key) {
        try {
            return parent.get(key) instanceof ConfigObject child ? Optional.of(child) : Optional.empty();
        } catch (ConfigException.NotResolved unresolved) {
            return Optional.empty();
        }
    }

    /** A scalar as text; empty where it is none or depends on something that is not known. */
    static Optional<String> text(ConfigObject parent, String key) {
        try {
            var value = parent.get(key);
            if (value == null || value instanceof ConfigObject || value instanceof com.typesafe.config.ConfigList) {
                return Optional.empty();
            }
            return Optional.ofNullable(value.unwrapped()).map(Object::toString);
        } catch (ConfigException.NotResolved unresolved) {
            return Optional.empty();
        }
    }

    private static List<Map.Entry<String, ConfigObject>> children(Optional<ConfigObject> parent) {
        var found = new ArrayList<Map.Entry<String, ConfigObject>>();
        if (parent.isPresent()) {
            for (var key : new java.util.TreeSet<>(parent.get().keySet())) {
                object(parent.get(), key).ifPresent(child -> found.add(Map.entry(key, child)));
            }
        }
        return found;
    }
}
