// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

/** Leaves the completion of one text in place; {@link ManifestText} makes a {@link ManifestProblem} of it. */
final class CannotSplice extends Exception {

    private final String pointer;

    /**
     * An addition that the text cannot take.
     *
     * @param pointer where in the document, as a JSON pointer
     * @param reason one clause that quotes no value, with the way out
     */
    CannotSplice(String pointer, String reason) {
        super(reason, null, false, false);
        this.pointer = pointer;
    }

    String pointer() {
        return pointer;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
