// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

final class CometBftNodes {

    private CometBftNodes() {}

    static List<CometBftNode> merge(List<CometBftNode> nodes, Optional<EnvVar> enabled) {
        var merged = new LinkedHashMap<String, CometBftNode>();
        if (enabled.flatMap(v -> v.value().text()).filter("true"::equals).isPresent()) {
            merged.put(
                    "current",
                    new CometBftNode(
                            "sv",
                            "current",
                            true,
                            false,
                            new CometBftNode.KeySource.Missing(),
                            new CometBftNode.KeySource.Missing()));
        }
        for (var node : nodes) {
            merged.merge(node.name(), node, CometBftNodes::both);
        }
        return List.copyOf(merged.values());
    }

    private static CometBftNode both(CometBftNode a, CometBftNode b) {
        return new CometBftNode(
                a.app(),
                a.name(),
                a.enabled() || b.enabled(),
                a.declared() || b.declared(),
                either(a.publicKey(), b.publicKey()),
                either(a.privateKey(), b.privateKey()));
    }

    private static CometBftNode.KeySource either(CometBftNode.KeySource a, CometBftNode.KeySource b) {
        return b instanceof CometBftNode.KeySource.Missing ? a : b;
    }
}
