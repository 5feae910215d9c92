// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;

/** The line of Canton that a Splice release carries; the lines read some fields of {@code crypto} at other places. */
enum CantonLine {
    /** Splice 0.4. */
    V3_3,
    /** Splice 0.5. */
    V3_4,
    /** Splice 0.6 and later. */
    V3_5,
    /** The release cannot be told. */
    UNKNOWN;

    static CantonLine of(Optional<SpliceVersion> version) {
        if (version.isEmpty()) {
            return UNKNOWN;
        }
        if (version.get().isBeforeLine(0, 5)) {
            return V3_3;
        }
        return version.get().isBeforeLine(0, 6) ? V3_4 : V3_5;
    }
}
