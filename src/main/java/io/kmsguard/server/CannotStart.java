// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

/** Why the server did not start, in sentences for an operator; checked, because it is expected: a wrong file, a taken port. */
public final class CannotStart extends Exception {

    private static final long serialVersionUID = 1L;

    CannotStart(String sentences) {
        super(sentences);
    }

    /** What is wrong and the way out. */
    public String sentences() {
        return String.valueOf(getMessage());
    }
}
