// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** Values of options that are one word of a few, in the spelling that help and messages use. */
final class Words {

    private Words() {}

    /**
     * The value that prints as that word.
     *
     * @throws TypeConversionException where there is none: picocli puts the option before the message
     */
    static <T> T of(String word, T[] values) {
        return Arrays.stream(values)
                .filter(value -> value.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(word + " is none of "
                        + Arrays.stream(values).map(Object::toString).collect(Collectors.joining(", "))));
    }
}
