// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A release of Splice. A snapshot such as {@code 0.7.4-snapshot.20260819.3601.0.v6f68f6b3} ranks after 0.7.3 and before
 * 0.7.4; of two snapshots of one release the later one ranks higher.
 *
 * @param snapshot the snapshot's date (yyyymmdd) times a million plus its build number, or {@link #RELEASE}
 */
public record SpliceVersion(int major, int minor, int patch, long snapshot) implements Comparable<SpliceVersion> {

    /** The snapshot rank of what is released. */
    public static final long RELEASE = Long.MAX_VALUE;

    private static final Pattern FORM = Pattern.compile(
            "v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})(?:-([A-Za-z]+)(?:[.-](\\d{1,8})(?:\\.(\\d{1,6}))?)?.*)?");
    private static final Pattern CHART = Pattern.compile("splice-[A-Za-z-]*?-(\\d.*)");
    private static final Comparator<SpliceVersion> ORDER = Comparator.comparingInt(SpliceVersion::major)
            .thenComparingInt(SpliceVersion::minor)
            .thenComparingInt(SpliceVersion::patch)
            .thenComparingLong(SpliceVersion::snapshot);

    /** A release, for example {@code of(0, 7, 2)}. */
    public static SpliceVersion of(int major, int minor, int patch) {
        return new SpliceVersion(major, minor, patch, RELEASE);
    }

    /** Reads a version; empty where the text is none (a branch name, {@code latest}). */
    public static Optional<SpliceVersion> parse(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        var snapshot = RELEASE;
        if (form.group(4) != null) {
            snapshot = number(form.group(5)) * 1_000_000 + number(form.group(6));
        }
        return Optional.of(new SpliceVersion(
                Integer.parseInt(form.group(1)),
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3)),
                snapshot));
    }

    /** Reads the version at the end of a {@code helm.sh/chart} label such as {@code splice-participant-0.7.3}; a chart of the operator's own tells no release of Splice. */
    static Optional<SpliceVersion> ofChart(String label) {
        var form = CHART.matcher(label);
        return form.matches() ? parse(form.group(1)) : Optional.empty();
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    public boolean isBefore(SpliceVersion other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(SpliceVersion other) {
        return ORDER.compare(this, other);
    }

    /** {@code 0.7.4}, or {@code 0.7.4-snapshot} for any of its snapshots. */
    @Override
    public String toString() {
        return major + "." + minor + "." + patch + (snapshot == RELEASE ? "" : "-snapshot");
    }
}
