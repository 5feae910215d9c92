// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option whose value is one word of a few, in the spelling that help and messages use. */
abstract sealed class Words<T extends Enum<T>> implements ITypeConverter<T>
        permits AuditCommand.Output.Converter,
                CheckCommand.Output.Converter,
                CompletionCommand.Shell.Converter,
                DoctorCommand.Output.Converter,
                EffectiveCommand.Output.Converter,
                FailOn.Converter {

    private final T[] values;

    /** The constants print as {@link #word} of themselves. */
    Words(Class<T> type) {
        values = type.getEnumConstants();
    }

    /** How a constant is written. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The value that is written as that word.
     *
     * @throws TypeConversionException where there is none: picocli puts the option before the message
     */
    @Override
    public T convert(String text) {
        return Arrays.stream(values)
                .filter(value -> word(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(text + " is none of "
                        + Arrays.stream(values).map(Words::word).collect(Collectors.joining(", "))));
    }
}
