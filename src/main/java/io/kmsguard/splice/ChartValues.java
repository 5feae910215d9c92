// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The values keys of the Splice charts, by the release of the chart (values.schema.json and templates of splice-sv-node
 * and splice-participant).
 */
public final class ChartValues {

    /** Where splice-participant takes env vars, volumes and mounts of the operator's own from, at every release. */
    public static final String ENV = "additionalEnvVars";

    public static final String VOLUMES = "extraVolumes";
    public static final String MOUNTS = "extraVolumeMounts";

    /**
     * A values key that holds from one release on.
     *
     * @param node the key for a node; {@code %s} is the node's name, or the index of an additional legacy node
     */
    private record Since(int major, int minor, String node, String additionalLegacy) {}

    /** The latest first, which is also taken where the release cannot be told. */
    private static final List<Since> GOVERNANCE_KEY = List.of(
            new Since(
                    0,
                    6,
                    "synchronizers.%s.cometBFT.externalGovernanceKey",
                    "synchronizers.additionalLegacy[%s].cometBFT.externalGovernanceKey"),
            new Since(0, 0, "cometBFT.externalGovernanceKey", "cometBFT.externalGovernanceKey"));

    private static final String ADDITIONAL_LEGACY = "additional-legacy.";

    private ChartValues() {}

    /**
     * The flag with which a node of an SV app takes its governance key from a Secret.
     *
     * @param node as in {@link CometBftNode#name}
     */
    public static String governanceKey(Optional<SpliceVersion> version, String node) {
        var known = GOVERNANCE_KEY.stream()
                .filter(since -> version.isEmpty() || !version.get().isBeforeLine(since.major, since.minor))
                .findFirst()
                .orElseThrow();
        return node.startsWith(ADDITIONAL_LEGACY)
                ? known.additionalLegacy.formatted(node.substring(ADDITIONAL_LEGACY.length()))
                : known.node.formatted(node);
    }

    /** The flags of several nodes, each once: {@code a: true and b: true}. */
    public static String governanceKeys(Optional<SpliceVersion> version, Collection<String> nodes) {
        return String.join(
                        ": true and ",
                        nodes.stream()
                                .map(node -> governanceKey(version, node))
                                .distinct()
                                .toList())
                + ": true";
    }

    /** From this release on the chart's {@code pg-init} refuses a second participant database on one server. */
    private static final SpliceVersion CONFLICT_CHECK = SpliceVersion.of(0, 6, 8);

    /** Gives a participant an empty database: what sets its name, and what lets the chart create it. */
    public static String emptyDatabase(Optional<SpliceVersion> version) {
        var check = "persistence.enableParticipantDbConflictCheck: false";
        if (version.isEmpty()) {
            return "persistence.databaseName of splice-participant; from 0.6.8 on also " + check;
        }
        return "persistence.databaseName" + (version.get().isBefore(CONFLICT_CHECK) ? "" : " and " + check) + " of "
                + chart("splice-participant", version);
    }

    /** The chart with its release, as far as that can be told: {@code splice-sv-node 0.7.3}. */
    public static String chart(String name, Optional<SpliceVersion> version) {
        return name + version.map(v -> " " + v).orElse("");
    }
}
