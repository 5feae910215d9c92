// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Says which of the known words somebody may have meant. */
public final class Suggestion {

    private Suggestion() {}

    /** The known word that is nearest, if one is near: at most a third of the letters are other ones. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        return known.stream()
                .filter(other -> distance(word, other) <= Math.max(1, Math.max(word.length(), other.length()) / 3))
                .min(Comparator.comparingInt((String other) -> distance(word, other))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** A sentence after an unknown word: {@code ; did you mean x?}, or the list of what there is. */
    public static String hint(String word, Collection<String> known) {
        return nearest(word, known)
                .map(other -> "; did you mean " + other + "?")
                .orElseGet(() -> "; there are " + String.join(", ", known));
    }

    /** Levenshtein's. */
    private static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (var j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (var i = 1; i <= one.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.length(); j++) {
                var change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
