// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;

/** What makes an exit code {@link ExitCode#DENIED}. */
enum FailOn {
    DENY,
    WARN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    static final class Converter implements ITypeConverter<FailOn> {
        @Override
        public FailOn convert(String text) {
            return Words.of(text, values());
        }
    }
}
