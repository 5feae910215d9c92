// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The releases of Splice whose configuration and charts are known here, as data. A release is brought up to date by a row at
 * the end of {@link #TABLE} where it changes something, and by {@link #NEWEST} in any case.
 */
public final class Releases {

    /** The newest release that is known here: what a later one knows beyond it cannot be told. */
    public static final SpliceVersion NEWEST = SpliceVersion.of(0, 8, 0);

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Duration AN_HOUR = Duration.ofHours(1);

    /**
     * Releases in which nothing changed that the guard goes by. They end where the next row begins, so that no release is
     * between two rows.
     *
     * @param from the first of them
     * @param canton the line of Canton that they carry
     * @param sessionEncryptionKeys how long session encryption keys live where the configuration says nothing
     * @param brings what is new
     * @param source where that was read
     */
    record Row(
            SpliceVersion from, CantonLine canton, Duration sessionEncryptionKeys, Set<Novelty> brings, String source) {

        Row(String from, CantonLine canton, Duration sessionEncryptionKeys, Set<Novelty> brings, String source) {
            this(SpliceVersion.parse(from).orElseThrow(), canton, sessionEncryptionKeys, brings, source);
        }
    }

    /** In rising order. A line begins with the snapshots that lead to its first release. */
    static final List<Row> TABLE = List.of(
            new Row("0.4.0-snapshot", CantonLine.V3_3, TEN_MINUTES, Set.of(), "SV app: _comet_bft_config of app.conf"),
            new Row(
                    "0.4.12",
                    CantonLine.V3_3,
                    TEN_MINUTES,
                    Set.of(Novelty.NESTED_KMS_VALUES),
                    "splice-participant: template participant.yaml"),
            new Row("0.5.0-snapshot", CantonLine.V3_4, TEN_MINUTES, Set.of(), "Canton 3.4: CryptoConfig, KmsConfig"),
            new Row("0.5.14", CantonLine.V3_4, AN_HOUR, Set.of(), "canton-participant: app.conf of the image"),
            new Row(
                    "0.6.0-snapshot",
                    CantonLine.V3_5,
                    AN_HOUR,
                    Set.of(Novelty.SYNCHRONIZERS),
                    "Canton 3.5: CryptoConfig; splice-sv-node: values.schema.json"),
            new Row(
                    "0.6.5",
                    CantonLine.V3_5,
                    AN_HOUR,
                    Set.of(Novelty.ADDITIONAL_LEGACY),
                    "splice-sv-node: values.schema.json"),
            new Row(
                    "0.6.8",
                    CantonLine.V3_5,
                    AN_HOUR,
                    Set.of(Novelty.DATABASE_CONFLICT_CHECK),
                    "splice-participant: values.schema.json, init container pg-init"),
            new Row(
                    "0.7.2",
                    CantonLine.V3_5,
                    AN_HOUR,
                    Set.of(Novelty.SESSION_SIGNING_KEYS),
                    "Splice release notes; sample values kms-participant-*.yaml"),
            new Row("0.8.0-snapshot", CantonLine.V3_5, AN_HOUR, Set.of(Novelty.CANTON_BFT), "Splice release notes"));

    private static final Row FIRST = TABLE.get(0);

    private Releases() {}

    /** Whether that release may know more than what is known here. */
    public static boolean isNewerThanKnown(SpliceVersion version) {
        return NEWEST.isBefore(version);
    }

    /** Whether that release is of before the first one that is known here. */
    public static boolean isOlderThanKnown(SpliceVersion version) {
        return version.isBefore(FIRST.from);
    }

    /** The first release with that. */
    public static SpliceVersion since(Novelty novelty) {
        return TABLE.stream()
                .filter(row -> row.brings.contains(novelty))
                .findFirst()
                .orElseThrow()
                .from;
    }

    /** Whether that release has it; a release that cannot be told is taken for the newest. */
    public static boolean has(Novelty novelty, Optional<SpliceVersion> version) {
        return version.isEmpty() || !version.get().isBefore(since(novelty));
    }

    /** How long session encryption keys live where the configuration says nothing; empty where the release cannot be told. */
    public static Optional<Duration> sessionEncryptionKeys(Optional<SpliceVersion> version) {
        return version.map(Releases::row).map(Row::sessionEncryptionKeys);
    }

    /** The line of Canton in that release. */
    static CantonLine canton(Optional<SpliceVersion> version) {
        if (version.isEmpty()) {
            return CantonLine.UNKNOWN;
        }
        return isNewerThanKnown(version.get()) ? CantonLine.NEWER : row(version.get()).canton;
    }

    /** What is older than the table is taken for its first row, what is newer for its last. */
    private static Row row(SpliceVersion version) {
        for (var i = TABLE.size() - 1; i > 0; i--) {
            if (!version.isBefore(TABLE.get(i).from)) {
                return TABLE.get(i);
            }
        }
        return FIRST;
    }
}
