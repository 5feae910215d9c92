// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.Locale;

/** What makes an exit code {@link ExitCode#DENIED}. */
enum FailOn {
    DENY,
    WARN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
