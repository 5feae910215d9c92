// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a review as a raw JSON tree, so that no field is lost that a typed model would not know. Only each list of {@code
 * managedFields} is empty, as the API server writes it, without white space: who owns which field, for each field, is half of
 * what an update says, slow to parse for its many escaped names, and read by no rule.
 */
final class ReviewTree {

    /** Deeper than any object that etcd takes, and shallow enough for recursive code. */
    private static final int MAX_DEPTH = 500;

    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build());

    /** In JSON an unescaped quote is a string's own, so this is nothing but a key, or the end of a longer one. */
    private static final byte[] MANAGED_FIELDS = "\"managedFields\":[".getBytes(StandardCharsets.US_ASCII);

    /** How far to go on from each byte that is not the last one of the key: Horspool's search, which looks at a few bytes only. */
    private static final int[] STEPS = steps();

    private ReviewTree() {}

    /** Reads the whole text. */
    static JsonNode read(byte[] body) throws JacksonException {
        var parts = new ArrayList<InputStream>();
        var from = 0;
        var known = 0;
        var length = 0;
        for (var first = firstEntry(body, from); first >= 0; first = firstEntry(body, from)) {
            var before = first - MANAGED_FIELDS.length - 1;
            var isWhole = before < 0 || body[before] != '\\';
            parts.add(new ByteArrayInputStream(body, from, first - from));
            if (!isWhole) {
                from = first;
                continue;
            }
            // In an update the list is there twice, mostly the same; equal bytes end at the same place.
            var isSame = length > 0
                    && first + length < body.length
                    && Arrays.equals(body, known, known + length + 1, body, first, first + length + 1);
            from = isSame ? first + length : closing(body, first);
            known = first;
            length = from - first;
        }
        parts.add(new ByteArrayInputStream(body, from, body.length - from));
        return JSON.readTree(new SequenceInputStream(Collections.enumeration(parts)));
    }

    /** Where the next list begins, behind its bracket, or -1. Not by a text's own search: the text would be the body once more. */
    private static int firstEntry(byte[] body, int from) {
        var length = MANAGED_FIELDS.length;
        for (var end = from + length; end <= body.length; end += STEPS[body[end - 1] & 0xff]) {
            if (Arrays.equals(body, end - length, end, MANAGED_FIELDS, 0, length)) {
                return end;
            }
        }
        return -1;
    }

    private static int[] steps() {
        var steps = new int[256];
        Arrays.fill(steps, MANAGED_FIELDS.length);
        for (var at = 0; at < MANAGED_FIELDS.length - 1; at++) {
            steps[MANAGED_FIELDS[at]] = MANAGED_FIELDS.length - 1 - at;
        }
        return steps;
    }

    /** Where the list ends whose first entry begins there; just there if it is too deep or does not end, for the parser to tell. */
    private static int closing(byte[] body, int first) {
        var depth = 0;
        for (var at = first; at < body.length && depth < MAX_DEPTH; at++) {
            switch (body[at]) {
                case '"' -> at = endOfString(body, at);
                case '[', '{' -> depth++;
                case ']', '}' -> {
                    if (depth == 0) {
                        return at;
                    }
                    depth--;
                }
                default -> {}
            }
        }
        return first;
    }

    private static int endOfString(byte[] body, int quote) {
        var at = quote + 1;
        while (at < body.length && body[at] != '"') {
            at += body[at] == '\\' ? 2 : 1;
        }
        return at;
    }
}
