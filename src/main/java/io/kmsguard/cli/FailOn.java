// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

/** What makes an exit code {@link ExitCode#DENIED}. */
enum FailOn {
    DENY,
    WARN;

    @Override
    public String toString() {
        return Words.word(this);
    }

    static final class Converter extends Words<FailOn> {
        Converter() {
            super(FailOn.class);
        }
    }
}
