// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;

/** The line of Canton that a Splice release carries; the lines read some fields of {@code crypto} at other places. */
enum CantonLine {
    /** Splice 0.4. */
    V3_3,
    /** Splice 0.5. */
    V3_4,
    /** Splice 0.6 up to {@link #NEWEST}. */
    V3_5,
    /** A release after {@link #NEWEST}: what it knows beyond V3_5 is not known here. */
    NEWER,
    /** The release cannot be told. */
    UNKNOWN;

    /** The newest release whose configuration is known here. */
    static final SpliceVersion NEWEST = SpliceVersion.of(0, 8, 0);

    /** Whether that Canton may know fields that are not known here. */
    boolean mayKnowMore() {
        return this == NEWER || this == UNKNOWN;
    }

    static CantonLine of(Optional<SpliceVersion> version) {
        if (version.isEmpty()) {
            return UNKNOWN;
        }
        if (version.get().isBeforeLine(0, 5)) {
            return V3_3;
        }
        if (version.get().isBeforeLine(0, 6)) {
            return V3_4;
        }
        return NEWEST.isBefore(version.get()) ? NEWER : V3_5;
    }
}
