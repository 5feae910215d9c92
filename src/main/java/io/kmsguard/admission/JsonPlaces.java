// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.Place.Entry;
import io.kmsguard.admission.Place.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Where the values of JSON documents stand. */
final class JsonPlaces {

    private final JsonParser parser;

    private JsonPlaces(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * The places of all documents of a text.
     *
     * @throws tools.jackson.core.JacksonException where {@link ManifestJson} would not read it
     */
    static List<Place> read(String text) {
        var places = new ArrayList<Place>();
        try (var parser = ManifestJson.parser(text)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                places.add(new JsonPlaces(parser).value(token));
            }
        }
        return places;
    }

    private Place value(JsonToken token) {
        var start = start();
        return switch (token) {
            case START_OBJECT -> {
                var entries = new ArrayList<Entry>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var keyStart = start();
                    var key = parser.currentName();
                    entries.add(new Entry(Optional.of(key), keyStart, value(parser.nextToken())));
                }
                yield place(Form.FLOW_MAPPING, start, entries);
            }
            case START_ARRAY -> {
                var entries = new ArrayList<Entry>();
                for (var item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
                    var itemStart = start();
                    entries.add(new Entry(Optional.empty(), itemStart, value(item)));
                }
                yield place(Form.FLOW_LIST, start, entries);
            }
            default -> {
                // Jackson reads a value to its end when it is asked for.
                parser.finishToken();
                yield place(Form.SCALAR, start, List.of());
            }
        };
    }

    private int start() {
        return (int) parser.currentTokenLocation().getCharOffset();
    }

    private Place place(Form form, int start, List<Entry> entries) {
        var end = (int) parser.currentLocation().getCharOffset();
        return new Place(form, start, end, Optional.empty(), List.copyOf(entries));
    }
}
