// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads a review as a raw JSON tree, so that no field is lost that a typed model would not know; without {@code managedFields},
 * which no rule reads, and which are half of what an update says: who owns which field, for each field, twice.
 */
final class ReviewTree {

    /** Deeper than any object that etcd takes, and shallow enough for recursive code. */
    private static final int MAX_DEPTH = 500;

    private static final JsonMapper JSON = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build());

    /** Of one value in the middle of a text. */
    private static final ObjectReader VALUE = JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Where the objects are whose managed fields are left out. */
    private static final List<Set<String>> WAY =
            List.of(Set.of("request"), Set.of("object", "oldObject"), Set.of("metadata"));

    private static final String LEFT_OUT = "managedFields";

    private ReviewTree() {}

    /** Reads the whole text. */
    static JsonNode read(byte[] body) throws JacksonException {
        try (var parser = JSON.createParser(body)) {
            if (parser.nextToken() == null) {
                return MissingNode.getInstance();
            }
            var review = read(parser, 0);
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "more follows after the end", parser.currentTokenLocation());
            }
            return review;
        }
    }

    private static JsonNode read(JsonParser parser, int depth) throws JacksonException {
        if (depth > WAY.size() || parser.currentToken() != JsonToken.START_OBJECT) {
            return VALUE.readTree(parser);
        }
        var object = JSON.createObjectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            if (depth == WAY.size() && name.equals(LEFT_OUT)) {
                parser.skipChildren();
            } else {
                var onTheWay = depth < WAY.size() && WAY.get(depth).contains(name);
                object.set(name, onTheWay ? read(parser, depth + 1) : VALUE.readTree(parser));
            }
        }
        return object;
    }
}
