// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Collection;
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

    private static final String GOVERNANCE_KEY = "cometBFT.externalGovernanceKey";
    private static final String ADDITIONAL_LEGACY = "additional-legacy.";

    private ChartValues() {}

    /**
     * The flags with which nodes of an SV app take their governance key from a Secret, each once, and the chart that has them:
     * {@code a: true and b: true in the values of splice-sv-node 0.7.3}.
     *
     * @param nodes as in {@link CometBftNode#name}
     */
    public static String governanceKeys(Optional<SpliceVersion> version, Collection<String> nodes) {
        var flags = nodes.stream()
                .map(node -> governanceKey(version, node) + ": true")
                .distinct()
                .toList();
        var isTooOld = !Releases.has(Novelty.ADDITIONAL_LEGACY, version)
                && Releases.has(Novelty.SYNCHRONIZERS, version)
                && nodes.stream().anyMatch(ChartValues::isAdditionalLegacy);
        return String.join(" and ", flags) + " in the values of "
                + (isTooOld
                        ? "splice-sv-node " + Releases.since(Novelty.ADDITIONAL_LEGACY) + " or later"
                        : chart("splice-sv-node", version));
    }

    private static String governanceKey(Optional<SpliceVersion> version, String node) {
        if (!Releases.has(Novelty.SYNCHRONIZERS, version)) {
            return GOVERNANCE_KEY;
        }
        var values = isAdditionalLegacy(node)
                ? "additionalLegacy[" + node.substring(ADDITIONAL_LEGACY.length()) + "]"
                : node;
        return "synchronizers." + values + "." + GOVERNANCE_KEY;
    }

    private static boolean isAdditionalLegacy(String node) {
        return node.startsWith(ADDITIONAL_LEGACY);
    }

    /** Gives a participant an empty database: what sets its name, and what lets the chart create it. */
    public static String emptyDatabase(Optional<SpliceVersion> version) {
        var check = "persistence.enableParticipantDbConflictCheck: false";
        if (version.isEmpty()) {
            return "persistence.databaseName of splice-participant; from "
                    + Releases.since(Novelty.DATABASE_CONFLICT_CHECK) + " on also " + check;
        }
        var isChecked = Releases.has(Novelty.DATABASE_CONFLICT_CHECK, version);
        return "persistence.databaseName" + (isChecked ? " and " + check : "") + " of "
                + chart("splice-participant", version);
    }

    /** The chart with its release, as far as that can be told: {@code splice-sv-node 0.7.3}. */
    public static String chart(String name, Optional<SpliceVersion> version) {
        return name + version.map(v -> " " + v).orElse("");
    }
}
