// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Tells from the bytes of a workload's JSON whether it can concern Splice, before a tree of it is built. In a cluster of thousands of
 * ordinary Deployments most of the work of a list is left out that way.
 *
 * <p>Each evidence of a role ({@link Role}) and each name that makes {@link Container} look further holds one of these marks. So an
 * object without a mark has no role and cannot turn out to have one, but for one of which all env vars come by reference, which only
 * its own review looks at; an object with a mark may still be an ordinary one.
 */
public final class SpliceMarks {

    /** In any case, since the name of an image is compared without it. */
    private static final List<String> MARKS = List.of(
            "canton", "splice", "participant", "sv-app", "validator-app", "sequencer", "mediator", "additional_config");

    /**
     * Letters, the hyphen and the underscore as JSON escapes. The API server never writes them, so whoever does is read in full.
     */
    private static final List<String> ESCAPES = List.of("\\u002d", "\\u004", "\\u005", "\\u006", "\\u007");

    /** A workload that the API server took has this; what has it not is for the reader to refuse. */
    private static final byte[] CONTAINERS = "\"containers\":[{".getBytes(StandardCharsets.US_ASCII);

    private static final byte[][] PATTERNS = patterns();

    private static final int SHORTEST =
            Arrays.stream(PATTERNS).mapToInt(pattern -> pattern.length).min().orElseThrow();

    /** How far to go on from each byte that stands where the shortest pattern would end: Horspool's search, for several patterns. */
    private static final int[] STEPS = steps();

    private SpliceMarks() {}

    /**
     * Whether the object can have something to do with Splice; false only where it surely has not.
     *
     * @param json the object's JSON in UTF-8; bytes behind {@code length} do not count
     */
    public static boolean mayConcern(byte[] json, int length) {
        return hasMark(json, length) || !hasContainers(json, length);
    }

    private static boolean hasMark(byte[] json, int length) {
        for (var end = SHORTEST; end <= length; ) {
            var step = STEPS[json[end - 1] & 0xff];
            if (step == 0) {
                if (standsAt(json, end - SHORTEST, length)) {
                    return true;
                }
                step = 1;
            }
            end += step;
        }
        return false;
    }

    private static boolean standsAt(byte[] json, int from, int length) {
        for (var pattern : PATTERNS) {
            if (from + pattern.length <= length) {
                var at = 0;
                while (at < pattern.length && lower(json[from + at]) == pattern[at]) {
                    at++;
                }
                if (at == pattern.length) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasContainers(byte[] json, int length) {
        for (var from = 0; from + CONTAINERS.length <= length; from++) {
            if (json[from] == '"'
                    && Arrays.equals(json, from, from + CONTAINERS.length, CONTAINERS, 0, CONTAINERS.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + ('a' - 'A')) : letter;
    }

    private static byte[][] patterns() {
        var all = new ArrayList<byte[]>();
        MARKS.forEach(mark -> all.add(mark.getBytes(StandardCharsets.US_ASCII)));
        ESCAPES.forEach(escape -> all.add(escape.getBytes(StandardCharsets.US_ASCII)));
        return all.toArray(byte[][]::new);
    }

    private static int[] steps() {
        var steps = new int[256];
        Arrays.fill(steps, SHORTEST);
        for (var pattern : PATTERNS) {
            for (var at = 0; at < SHORTEST; at++) {
                var letter = String.valueOf((char) pattern[at]);
                for (var form : List.of(letter, letter.toUpperCase(Locale.ROOT))) {
                    var index = form.charAt(0);
                    steps[index] = Math.min(steps[index], SHORTEST - 1 - at);
                }
            }
        }
        return steps;
    }
}
