// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import io.kmsguard.splice.CometBftNode.KeySource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Takes the forms together in which CometBFT can be configured. The image's app.conf has
 * <code>_comet_bft_config.enabled = ${?SPLICE_APP_SV_COMETBFT_ENABLED}</code> and
 * <code>comet-bft-config = ${_comet_bft_config}</code> in the app, so of these three the later wins; a node's own block
 * stands beside them.
 */
final class CometBftNodes {

    private static final String CURRENT = "current";
    private static final String USUAL_APP = "sv";

    private CometBftNodes() {}

    /**
     * @param blocks in rising order of precedence
     * @param svApp whether the container is an SV app, which reads the env switch
     */
    static List<CometBftNode> merged(List<CometBftBlock> blocks, Environment env, boolean svApp) {
        var app = mainApp(blocks);
        var groups = new LinkedHashMap<String, List<CometBftBlock>>();
        var switched = svApp ? env.get(Container.COMETBFT_ENABLED).map(CometBftNodes::isOn) : Optional.<Boolean>empty();
        if (switched.filter(on -> on).isPresent()) {
            groups.computeIfAbsent(app + '/' + CURRENT, key -> new ArrayList<>());
        }
        for (var block : blocks) {
            var owner = block.app().isEmpty() ? app : block.app();
            groups.computeIfAbsent(owner + '/' + block.node(), key -> new ArrayList<>())
                    .add(block);
        }
        var nodes = new ArrayList<CometBftNode>();
        groups.forEach((name, group) -> {
            var slash = name.lastIndexOf('/');
            var mine = name.equals(app + '/' + CURRENT) ? switched : Optional.<Boolean>empty();
            nodes.add(node(name.substring(0, slash), name.substring(slash + 1), group, mine, env));
        });
        return List.copyOf(nodes);
    }

    private static CometBftNode node(
            String app, String name, List<CometBftBlock> group, Optional<Boolean> switched, Environment env) {
        var shared = switched;
        var own = false;
        var declared = false;
        KeySource publicKey = new KeySource.Missing();
        KeySource privateKey = new KeySource.Missing();
        for (var block : group) {
            if (block.own()) {
                own |= block.enabled().orElse(false);
            } else {
                shared = block.enabled().isPresent() ? block.enabled() : shared;
            }
            declared |= block.declared();
            publicKey = better(publicKey, settled(block.publicKey(), env));
            privateKey = better(privateKey, settled(block.privateKey(), env));
        }
        return new CometBftNode(app, name, own || shared.orElse(false), declared, publicKey, privateKey);
    }

    /** {@code _comet_bft_config} belongs to the app of the image's app.conf, which can be told where there is one only. */
    private static String mainApp(List<CometBftBlock> blocks) {
        var apps = new LinkedHashSet<String>();
        blocks.forEach(block -> apps.add(block.app()));
        apps.remove("");
        return apps.size() == 1 ? apps.iterator().next() : USUAL_APP;
    }

    /** An env var that is empty is as good as none: the SV app cannot make a key of it. */
    private static KeySource settled(KeySource source, Environment env) {
        if (source instanceof KeySource.Env named) {
            var text =
                    env.get(named.name()).flatMap(variable -> variable.value().text());
            return text.filter(String::isEmpty).isPresent() ? new KeySource.UnsetEnv(named.name()) : source;
        }
        return source;
    }

    private static KeySource better(KeySource earlier, KeySource later) {
        return rank(later) >= rank(earlier) ? later : earlier;
    }

    private static int rank(KeySource source) {
        if (source instanceof KeySource.Missing) {
            return 0;
        }
        return source instanceof KeySource.UnsetEnv ? 1 : 2;
    }

    private static boolean isOn(EnvVar variable) {
        return variable.value().text().map(CometBftNodes::isTrue).orElse(true);
    }

    /** As pureconfig reads a boolean: yes and on as they are, true in any case. */
    static boolean isTrue(String text) {
        return text.equals("yes")
                || text.equals("on")
                || text.toLowerCase(Locale.ROOT).equals("true");
    }
}
