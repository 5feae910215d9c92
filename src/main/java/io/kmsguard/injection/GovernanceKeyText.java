// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.SpliceVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The HOCON with which an SV app reads its governance key, as the splice-sv-node chart of its release renders it. */
final class GovernanceKeyText {

    /**
     * The form of a line of releases.
     *
     * @param block the block of a node; {@code %s} are the names of the SV app and of the node
     */
    private record Since(int major, int minor, String block) {}

    /** The latest first. Up to 0.5 there was one node, and the image's app.conf took its block from the top. */
    private static final List<Since> FORMS = List.of(
            new Since(0, 6, "canton.sv-apps.%s.local-synchronizer-nodes.%s.comet-bft-config"),
            new Since(0, 0, "_comet_bft_config"));

    private GovernanceKeyText() {}

    /** For these nodes, each in a block of its own. */
    static String of(Optional<SpliceVersion> version, List<CometBftNode> nodes) {
        var form = FORMS.stream()
                .filter(since -> version.isEmpty() || !version.get().isBeforeLine(since.major, since.minor))
                .findFirst()
                .orElseThrow();
        return nodes.stream()
                .map(node -> form.block.formatted(node.app(), node.name()))
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
