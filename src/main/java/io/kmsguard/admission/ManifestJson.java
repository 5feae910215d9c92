// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

/** Reads JSON, one document after the other as {@code kubectl} prints them, with the lines of its values. */
final class ManifestJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(ManifestTree.MAX_DEPTH)
                    .build())
            .build();

    private final JsonParser parser;
    private final ManifestTree.Builder builder;

    private ManifestJson(JsonParser parser, ManifestTree.Builder builder) {
        this.parser = parser;
        this.builder = builder;
    }

    /**
     * Reads all documents of a text.
     *
     * @param firstLine the line of the file on which the text starts, counted from 1
     */
    static List<ManifestTree> read(String text, int firstLine) throws UnreadableManifest {
        var trees = new ArrayList<ManifestTree>();
        try (var parser = parser(text)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                var builder = new ManifestTree.Builder(firstLine, text.length() + 1);
                var reader = new ManifestJson(parser, builder);
                trees.add(builder.build(reader.value(token, reader.line(), 1)));
            }
            return trees;
        } catch (JacksonException e) {
            var location = e.getLocation();
            var line = location == null ? 1 : Math.max(1, location.getLineNr());
            throw new UnreadableManifest(firstLine + line - 1, describe(e));
        }
    }

    static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    /** Without Jackson's own words, which quote what they stumbled over. */
    private static String describe(JacksonException e) {
        if (e instanceof UnexpectedEndOfInputException) {
            return "the JSON ends too early";
        }
        if (e instanceof StreamConstraintsException) {
            return "the JSON is nested more than " + ManifestTree.MAX_DEPTH + " deep, or a value is too long";
        }
        var location = e.getLocation();
        return "not JSON from column " + (location == null ? 1 : Math.max(1, location.getColumnNr())) + " on";
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr() - 1;
    }

    private JsonNode value(JsonToken token, int line, int depth) throws UnreadableManifest {
        builder.value(line, depth);
        return switch (token) {
            case START_OBJECT -> object(depth);
            case START_ARRAY -> array(depth);
            case VALUE_STRING -> StringNode.valueOf(parser.getString());
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            case VALUE_NUMBER_INT -> number();
            case VALUE_NUMBER_FLOAT -> JSON.numberNode(parser.getDoubleValue());
            default -> NullNode.getInstance();
        };
    }

    private JsonNode number() {
        return switch (parser.getNumberType()) {
            case INT -> JSON.numberNode(parser.getIntValue());
            case LONG -> JSON.numberNode(parser.getLongValue());
            default -> JSON.numberNode(parser.getBigIntegerValue());
        };
    }

    private JsonNode object(int depth) throws UnreadableManifest {
        var object = JSON.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var key = parser.currentName();
            var line = line();
            if (object.has(key)) {
                throw builder.unreadable(line, "the key " + key + " stands twice in one object");
            }
            object.set(key, value(parser.nextToken(), line, depth + 1));
        }
        return object;
    }

    private JsonNode array(int depth) throws UnreadableManifest {
        var array = JSON.arrayNode();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(token, line(), depth + 1));
        }
        return array;
    }
}
