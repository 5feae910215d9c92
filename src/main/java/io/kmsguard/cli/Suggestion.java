// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what was probably meant. */
final class Suggestion {

    private Suggestion() {}

    /** The word most like the given one; empty where none is like it. */
    static Optional<String> closest(String word, Collection<String> words) {
        return words.stream()
                .min(Comparator.comparing((String other) -> distance(word, other))
                        .thenComparing(other -> other))
                .filter(other -> distance(word, other) <= Math.max(2, other.length() / 3))
                // Or a part of its name: "migration".
                .or(() -> words.stream()
                        .filter(other -> word.length() >= 3 && other.contains(word))
                        .findFirst());
    }

    /** How many letters must be put in, taken out or changed (Levenshtein). */
    private static int distance(String a, String b) {
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
