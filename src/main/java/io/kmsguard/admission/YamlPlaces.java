// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.Place.Entry;
import io.kmsguard.admission.Place.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;

/**
 * Where the values of a YAML document stand. Of events and not of nodes: a node in the place of an alias has the marks
 * of what the alias stands for.
 */
final class YamlPlaces {

    private final Parser parser;
    private final String text;
    private final int[] offsets;

    private YamlPlaces(Parser parser, String text) {
        this.parser = parser;
        this.text = text;
        this.offsets = offsets(text);
    }

    /**
     * The places of one document that {@link ManifestYaml} has read before: its depth is bounded, and it is YAML.
     *
     * @throws UnreadableManifest never, for such a document
     */
    static Place read(String text) throws UnreadableManifest {
        var options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        var builder = new ManifestTree.Builder(1, Integer.MAX_VALUE);
        var places = new YamlPlaces(new ParserImpl(ManifestCharacters.of(text, builder), options), text);
        while (!(places.parser.getEvent() instanceof DocumentStartEvent)) {
            // Directives and comments stand before it.
        }
        return places.value(places.parser.getEvent());
    }

    /** SnakeYAML counts code points. Empty where that comes to the same. */
    private static int[] offsets(String text) {
        if (text.codePointCount(0, text.length()) == text.length()) {
            return new int[0];
        }
        var offsets = new int[text.codePointCount(0, text.length()) + 1];
        for (int point = 0, at = 0; point < offsets.length; point++) {
            offsets[point] = at;
            at = at < text.length() ? text.offsetByCodePoints(at, 1) : at;
        }
        return offsets;
    }

    private int offset(Mark mark) {
        return offsets.length == 0 ? mark.getIndex() : offsets[mark.getIndex()];
    }

    private Place value(Event event) {
        var anchor = Optional.ofNullable(((NodeEvent) event).getAnchor());
        if (event instanceof CollectionStartEvent collection) {
            return collection(collection, anchor);
        }
        var form = Form.ALIAS;
        if (!(event instanceof AliasEvent)) {
            var style = ((ScalarEvent) event).getScalarStyle();
            form = style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED ? Form.BLOCK_SCALAR : Form.SCALAR;
        }
        return new Place(form, offset(event.getStartMark()), offset(event.getEndMark()), anchor, List.of());
    }

    private Place collection(CollectionStartEvent first, Optional<String> anchor) {
        var list = first instanceof SequenceStartEvent;
        var entries = new ArrayList<Entry>();
        var event = parser.getEvent();
        for (; !(event instanceof CollectionEndEvent); event = parser.getEvent()) {
            var start = offset(event.getStartMark());
            if (list) {
                entries.add(new Entry(Optional.empty(), start, value(event)));
            } else {
                var key =
                        event instanceof ScalarEvent scalar ? Optional.of(scalar.getValue()) : Optional.<String>empty();
                value(event);
                entries.add(new Entry(key, start, value(parser.getEvent())));
            }
        }
        var start = start(first);
        if (first.getFlowStyle() == FlowStyle.FLOW || entries.isEmpty()) {
            return new Place(
                    list ? Form.FLOW_LIST : Form.FLOW_MAPPING, start, offset(event.getEndMark()), anchor, entries);
        }
        var end = entries.get(entries.size() - 1).value().end();
        return new Place(list ? Form.BLOCK_LIST : Form.BLOCK_MAPPING, start, end, anchor, List.copyOf(entries));
    }

    /** The start mark may be that of an anchor or tag; the end mark is at the first character, or just behind it. */
    private int start(CollectionStartEvent event) {
        var end = offset(event.getEndMark());
        var behind = event.getFlowStyle() == FlowStyle.FLOW
                || (event instanceof SequenceStartEvent && end > 0 && text.charAt(end - 1) == '-' && !isDash(end));
        return behind ? end - 1 : end;
    }

    private boolean isDash(int at) {
        return at < text.length() && text.charAt(at) == '-';
    }
}
