// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what was probably meant by a word that nobody knows. */
public final class Suggestion {

    /** What is longer is no misspelt name, and not worth the time. */
    private static final int LONGEST = 100;

    private Suggestion() {}

    /** The known word most like the given one, or one that has it as a part ({@code migration}); empty where none is. */
    public static Optional<String> closest(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        return known.stream()
                .min(Comparator.comparingInt((String other) -> distance(word, other))
                        .thenComparing(other -> other))
                .filter(other -> distance(word, other) <= Math.max(2, other.length() / 3))
                .or(() -> known.stream()
                        .filter(other -> word.length() >= 3 && other.contains(word))
                        .findFirst());
    }

    /** What follows the complaint about an unknown word: {@code ; did you mean x?}, or the list of what there is. */
    public static String hint(String word, Collection<String> known) {
        return closest(word, known)
                .map(other -> "; did you mean " + other + "?")
                .orElseGet(() -> "; there are " + String.join(", ", known));
    }

    /** How many letters must be put in, taken out or changed (Levenshtein). */
    static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
