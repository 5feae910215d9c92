// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.Novelty;
import io.kmsguard.splice.Releases;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.List;

/**
 * The upgrade of a synchronizer to Canton BFT from the guard's side: which node of an SV app needs the governance key at each
 * step (release notes of Splice 0.8.0).
 */
final class CantonBftWay {

    private static final String CURRENT = "current";

    private static final List<String> STEPS = List.of(
            "Before: current on CometBFT, with the governance key.",
            "Prepared: current as before, and successor with a Canton BFT sequencer and no CometBFT block.",
            "Upgraded: current on Canton BFT, and legacy on CometBFT with the governance key, as long as it is kept.",
            "After: no node on CometBFT. The flag and both env may go, and then the Secret.");

    private final Workload svApp;

    CantonBftWay(Workload svApp) {
        this.svApp = svApp;
    }

    /** Whether its release has that upgrade. */
    boolean isAhead() {
        return svApp.version().isPresent() && Releases.has(Novelty.CANTON_BFT, svApp.version());
    }

    /** One sentence a step. */
    List<String> steps() {
        return STEPS;
    }

    /** Where it stands. */
    String place() {
        var nodes = svApp.containers(Role.SV_APP).stream()
                .flatMap(container -> container.cometBftNodes().stream())
                .filter(CometBftNode::enabled)
                .toList();
        if (nodes.isEmpty()) {
            return "CometBFT is on for no node: this is step 4.";
        }
        var names = String.join(
                ", ",
                nodes.stream()
                        .map(node -> node.name() + (node.hasKey() ? " (with a key)" : " (without a key)"))
                        .toList());
        var isBefore = nodes.stream().anyMatch(node -> node.name().equals(CURRENT));
        return "CometBFT is on for " + names + ": this is step " + (isBefore ? "1 or 2." : "3.");
    }
}
