// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.splice.Suggestion;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.TypeConversionException;

/** Values of options that are one word of a few, in the spelling that help and messages use. */
final class Words {

    /** Of shorter words each is like another one. */
    private static final int LONG_ENOUGH = 6;

    private Words() {}

    /**
     * The value that prints as that word.
     *
     * @throws TypeConversionException where there is none: picocli puts the option before the message
     */
    static <T> T of(String word, T[] values) {
        return of(word, values, Object::toString);
    }

    /**
     * The value of that word.
     *
     * @param name of a value, as a word
     * @throws TypeConversionException where there is none: picocli puts the option before the message
     */
    static <T> T of(String word, T[] values, Function<T, String> name) {
        var words = Arrays.stream(values).map(name).toList();
        if (!words.contains(word)) {
            throw new TypeConversionException(word + " is none of " + String.join(", ", words)
                    + Optional.of(word)
                            .filter(written -> written.length() >= LONG_ENOUGH)
                            .flatMap(written -> Suggestion.closest(written, words))
                            .map(near -> "; did you mean " + near + "?")
                            .orElse(""));
        }
        return values[words.indexOf(word)];
    }
}
