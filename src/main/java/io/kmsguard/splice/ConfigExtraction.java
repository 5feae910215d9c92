// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueType;
import io.kmsguard.splice.CometBftNode.KeySource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Takes what the guard cares about out of resolved HOCON. */
final class ConfigExtraction {

    private static final List<String> NODES = List.of("current", "successor", "legacy");
    private static final List<Role> CANTON_NODES = List.of(Role.PARTICIPANT, Role.SEQUENCER, Role.MEDIATOR);
    private static final String COMET = "comet-bft-config";
    private static final String SHARED = "_comet_bft_config";
    private static final String CLIENT = "participant-client";
    private static final String SHARED_CLIENT = "_sv_participant_client";

    private final HoconTree tree;
    private final CantonLine line;
    private final Supplier<Optional<ConfigObject>> withUnsetEnv;
    private final List<CometBftBlock> blocks = new ArrayList<>();
    private final List<ParticipantClient> clients = new ArrayList<>();

    /**
     * @param withUnsetEnv the same text as if the optional env vars that are not set were, marked; tells
     *     <code>${?X}</code> without X from a key that nobody mentions
     */
    ConfigExtraction(HoconTree tree, CantonLine line, Supplier<Optional<ConfigObject>> withUnsetEnv) {
        this.tree = tree;
        this.line = line;
        this.withUnsetEnv = withUnsetEnv;
    }

    ConfigReading read() {
        var canton = tree.object(tree.root(), "canton", "canton");
        var cryptos = new ArrayList<CryptoConfig>();
        var settings = new ArrayList<ParticipantSettings>();
        var storages = new ArrayList<StorageConfig>();
        for (var role : CANTON_NODES) {
            var path = "canton." + role.configRoot();
            for (var node : tree.children(canton.flatMap(c -> tree.object(c, role.configRoot(), path)), path)) {
                if (role == Role.PARTICIPANT) {
                    settings.add(new SettingsReader(tree, node.getKey(), node.getValue(), path + "." + node.getKey())
                            .read());
                    StorageConfig.read(node.getValue()).ifPresent(storages::add);
                }
                tree.value(node.getValue(), "crypto", path + "." + node.getKey() + ".crypto")
                        .ifPresent(
                                crypto -> cryptos.add(new CryptoReader(tree, line, role, node.getKey()).read(crypto)));
            }
        }
        svApps(canton);
        Set<String> roots =
                canton.<Set<String>>map(c -> new TreeSet<>(c.keySet())).orElse(Set.of());
        return new ConfigReading(
                Optional.empty(),
                true,
                roots,
                List.copyOf(cryptos),
                List.copyOf(settings),
                List.copyOf(storages),
                List.copyOf(blocks),
                List.copyOf(clients),
                Set.copyOf(tree.substituted()),
                List.of(),
                List.copyOf(tree.unknown()),
                List.of());
    }

    private void svApps(Optional<ConfigObject> canton) {
        tree.object(tree.root(), SHARED, SHARED).ifPresent(block -> add("", "current", block, false, List.of(SHARED)));
        var apps = "canton." + Role.SV_APP.configRoot();
        for (var app : tree.children(canton.flatMap(c -> tree.object(c, Role.SV_APP.configRoot(), apps)), apps)) {
            app(app.getKey(), app.getValue(), apps + "." + app.getKey());
            client(app.getValue(), apps + "." + app.getKey() + "." + CLIENT);
        }
        if (clients.isEmpty()) {
            // The image's app.conf makes both addresses of this one.
            var both = address(tree.object(tree.root(), SHARED_CLIENT, SHARED_CLIENT), SHARED_CLIENT);
            add(new ParticipantClient(both, both));
        }
    }

    private void client(ConfigObject app, String path) {
        var client = tree.object(app, CLIENT, path);
        var ledger = path + ".ledger-api";
        add(new ParticipantClient(
                address(
                        client.flatMap(block -> tree.object(block, "admin-api", path + ".admin-api")),
                        path + ".admin-api"),
                address(
                        client.flatMap(block -> tree.object(block, "ledger-api", ledger))
                                .flatMap(block -> tree.object(block, "client-config", ledger + ".client-config")),
                        ledger + ".client-config")));
    }

    private void add(ParticipantClient client) {
        if (!client.isEmpty()) {
            clients.add(client);
        }
    }

    private Optional<String> address(Optional<ConfigObject> block, String path) {
        return block.flatMap(at -> tree.scalar(at, "address", path + ".address"))
                .filter(HoconTree.Scalar::known)
                .map(HoconTree.Scalar::text);
    }

    private void app(String app, ConfigObject config, String path) {
        var base = List.of("canton", Role.SV_APP.configRoot(), app);
        tree.object(config, COMET, path + "." + COMET)
                .ifPresent(block -> add(app, "current", block, false, plus(base, COMET)));
        var one = "local-synchronizer-node";
        tree.object(config, one, path + "." + one).ifPresent(node -> comet(app, "current", node, plus(base, one)));
        var many = one + "s";
        var all = tree.object(config, many, path + "." + many);
        for (var name : NODES) {
            all.flatMap(nodes -> tree.object(nodes, name, path + "." + many + "." + name))
                    .ifPresent(node -> comet(app, name, node, plus(base, many, name)));
        }
        all.ifPresent(nodes -> additionalLegacy(nodes, path + "." + many)
                .forEach((index, node) -> comet(
                        app,
                        "additional-legacy." + index,
                        node,
                        plus(base, many, "additional-legacy", index.toString()))));
    }

    /** {@code additional-legacy} is a list, in HOCON either {@code […]} or an object with numbers as keys. */
    private Map<Integer, ConfigObject> additionalLegacy(ConfigObject nodes, String path) {
        var found = new TreeMap<Integer, ConfigObject>();
        var value = tree.value(nodes, "additional-legacy", path + ".additional-legacy")
                .orElse(null);
        if (value instanceof ConfigList list) {
            for (var i = 0; i < list.size(); i++) {
                if (list.get(i) instanceof ConfigObject block) {
                    found.put(i, block);
                }
            }
        } else if (value instanceof ConfigObject object) {
            for (var child : tree.children(Optional.of(object), path + ".additional-legacy")) {
                if (child.getKey().matches("\\d{1,4}")) {
                    found.put(Integer.valueOf(child.getKey()), child.getValue());
                }
            }
        }
        return found;
    }

    private void comet(String app, String node, ConfigObject config, List<String> path) {
        tree.object(config, COMET, String.join(".", path) + "." + COMET)
                .ifPresent(block -> add(app, node, block, true, plus(path, COMET)));
    }

    private void add(String app, String node, ConfigObject block, boolean own, List<String> path) {
        var where = String.join(".", path);
        var enabled = tree.scalar(block, "enabled", where + ".enabled")
                .map(value -> !value.known() || CometBftNodes.isTrue(value.text()));
        var key = tree.object(block, "governance-key", where + ".governance-key");
        blocks.add(new CometBftBlock(
                app,
                node,
                enabled,
                block.containsKey("governance-key"),
                source(key, "public-key", path),
                source(key, "private-key", path),
                own));
    }

    private KeySource source(Optional<ConfigObject> block, String field, List<String> path) {
        var place = plus(path, "governance-key", field);
        var where = String.join(".", place);
        var value = block.flatMap(b -> tree.value(b, field, where)).orElse(null);
        if (value != null && !HoconTree.isNested(value) && value.valueType() != ConfigValueType.NULL) {
            var raw = value.unwrapped().toString();
            return HoconTree.marked(raw)
                    .<KeySource>map(KeySource.Env::new)
                    .orElseGet(() -> new KeySource.Inline(
                            KeyText.of(tree.bound(raw, where).text())));
        }
        if (block.isEmpty()) {
            return new KeySource.Missing();
        }
        return withUnsetEnv
                .get()
                .flatMap(other -> HoconTree.raw(other, place))
                .flatMap(HoconTree::marked)
                .<KeySource>map(KeySource.UnsetEnv::new)
                .orElseGet(KeySource.Missing::new);
    }

    private static List<String> plus(List<String> path, String... keys) {
        var all = new ArrayList<>(path);
        all.addAll(List.of(keys));
        return List.copyOf(all);
    }
}
