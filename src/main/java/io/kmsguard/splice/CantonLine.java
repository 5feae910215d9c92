// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

/**
 * The line of Canton that a Splice release carries ({@link Releases}); the lines read some fields of {@code crypto} at other
 * places.
 */
enum CantonLine {
    V3_3,
    V3_4,
    V3_5,
    /** Of a release after {@link Releases#NEWEST}: what it knows beyond V3_5 is not known here. */
    NEWER,
    /** The release cannot be told. */
    UNKNOWN;

    /** Whether that Canton may know fields that are not known here. */
    boolean mayKnowMore() {
        return this == NEWER || this == UNKNOWN;
    }
}
