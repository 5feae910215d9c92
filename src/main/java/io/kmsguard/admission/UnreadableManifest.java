// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

/** Leaves the reading of one document; the reader makes a {@link ManifestProblem} of it. */
final class UnreadableManifest extends Exception {

    private final int line;

    /**
     * One document that cannot be read.
     *
     * @param line in the file, counted from 1
     * @param reason a clause that quotes no value
     */
    UnreadableManifest(int line, String reason) {
        super(reason, null, false, false);
        this.line = line;
    }

    int line() {
        return line;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
