// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.Novelty;
import io.kmsguard.splice.Releases;
import io.kmsguard.splice.SpliceVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The HOCON with which an SV app reads its governance key, as the splice-sv-node chart of its release renders it. */
final class GovernanceKeyText {

    /** The block of a node; {@code %s} are the names of the SV app and of the node. */
    private static final String OF_NODE = "canton.sv-apps.%s.local-synchronizer-nodes.%s.comet-bft-config";

    /** Before {@link Novelty#SYNCHRONIZERS} there was one node, and the image's app.conf took its block from the top. */
    private static final String OF_THE_ONE_NODE = "_comet_bft_config";

    private GovernanceKeyText() {}

    /** For these nodes, each in a block of its own. */
    static String of(Optional<SpliceVersion> version, List<CometBftNode> nodes) {
        var block = Releases.has(Novelty.SYNCHRONIZERS, version) ? OF_NODE : OF_THE_ONE_NODE;
        return nodes.stream()
                .map(node -> block.formatted(node.app(), node.name()))
                .distinct()
                .map(GovernanceKeyText::block)
                .collect(Collectors.joining());
    }

    private static String block(String path) {
        return """
                %s {
                  governance-key {
                    public-key = ${?%s}
                    private-key = ${?%s}
                  }
                }
                """.formatted(path, CometBftNode.PUBLIC_KEY_ENV, CometBftNode.PRIVATE_KEY_ENV);
    }
}
