// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Judgement.Ruling;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;

/** What makes an exit code {@link ExitCode#DENIED}. */
enum FailOn {
    DENY,
    WARN,
    UNSEEN,
    /** As {@link #DENY}, and what has to do with Splice and could not be judged. */
    UNRENDERED;

    /** Whether one of the findings makes it. */
    boolean holds(Judgement judgement) {
        return judgement.rulings().stream().anyMatch(this::holds);
    }

    /** Whether that finding makes it. */
    boolean holds(Ruling ruling) {
        return switch (ruling.action()) {
            case DENY -> true;
            case WARN -> this == WARN || this == UNSEEN;
            case UNSEEN -> this == UNSEEN;
            case AUDIT, OFF -> false;
        };
    }

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
