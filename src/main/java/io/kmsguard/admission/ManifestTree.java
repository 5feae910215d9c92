// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/**
 * One document as JSON, with the line of each value.
 *
 * @param lines as {@link ManifestLines#of} takes them
 */
record ManifestTree(JsonNode root, ManifestLines lines) {

    /** Deeper than any object that etcd takes, and shallow enough for recursive code; as for AdmissionReviews. */
    static final int MAX_DEPTH = 500;

    /** Merges may double with each line that is written. */
    private static final int MAX_MERGES = 10_000;

    /** What all reading of one document shares: the lines so far, and the bounds. */
    static final class Builder {

        private final int firstLine;
        private final int maxValues;
        private int[] lines = new int[64];
        private int count;
        private int merges;

        /**
         * For one document.
         *
         * @param firstLine the line of its file on which it starts, counted from 1
         * @param maxValues how many values it may have, with those that aliases repeat
         */
        Builder(int firstLine, int maxValues) {
            this.firstLine = firstLine;
            this.maxValues = maxValues;
        }

        /** Notes that the next value of the tree stands on that line of the document, counted from 0. */
        void value(int line, int depth) throws UnreadableManifest {
            if (depth > MAX_DEPTH) {
                throw unreadable(line, "it is nested more than " + MAX_DEPTH + " deep");
            }
            if (count >= maxValues) {
                throw unreadable(line, "its aliases stand for too much (" + maxValues + " values are read at most)");
            }
            if (count == lines.length) {
                lines = Arrays.copyOf(lines, count * 2);
            }
            lines[count++] = firstLine + line;
        }

        /** Notes that a mapping on that line is merged into another one. */
        void merge(int line, int depth) throws UnreadableManifest {
            if (depth > MAX_DEPTH || ++merges > MAX_MERGES) {
                throw unreadable(line, "its merges (<<) bring in too much");
            }
        }

        UnreadableManifest unreadable(int line, String reason) {
            return new UnreadableManifest(firstLine + line, reason);
        }

        ManifestTree build(JsonNode root) {
            return new ManifestTree(root, ManifestLines.of(root, Arrays.copyOf(lines, count)));
        }
    }
}
