// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.Place.Entry;
import io.kmsguard.admission.Place.Form;
import io.kmsguard.injection.PatchOperation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Additions to the lists of a manifest, written into its text: of block style whole lines at the list's own indentation,
 * of flow style and JSON behind the last entry. Nothing else of the text changes.
 */
final class Splice {

    private static final int INDENT = 2;

    private final String text;
    private final String lineBreak;
    private final List<Insertion> insertions = new ArrayList<>();

    Splice(String text) {
        this.text = text;
        this.lineBreak = text.contains("\r\n") ? "\r\n" : "\n";
    }

    /**
     * A document of the text.
     *
     * @param tree what it holds
     * @param root where that stands
     * @param shared the anchors that aliases of the document name
     */
    record Site(JsonNode tree, Place root, Set<String> shared) {

        static Site of(JsonNode tree, Place root) {
            return new Site(tree, root, aliases(root, new HashSet<>()));
        }

        private static Set<String> aliases(Place place, Set<String> names) {
            if (place.form() == Form.ALIAS) {
                place.anchor().ifPresent(names::add);
            }
            place.entries().forEach(entry -> aliases(entry.value(), names));
            return names;
        }

        private void refuseShared(Place place, String path) throws CannotSplice {
            if (place.form() == Form.ALIAS
                    || place.anchor().filter(shared::contains).isPresent()) {
                throw new CannotSplice(
                        path,
                        "an anchor (&) and its aliases (*) share it with another place, so that nothing can be added"
                                + " to it alone; write it out in both places");
            }
        }
    }

    /**
     * A piece of text to write in the place of another.
     *
     * @param column where whole lines start, -1 within a line: of those at one offset the deepest belong first
     * @param key whether the lines start with a key, and so end a list at the same column
     */
    private record Insertion(int start, int end, int column, boolean key, String written) {}

    /**
     * Takes note of additions.
     *
     * @param pointer where the object stands in the document
     * @param operations additions of list entries, and of lists
     */
    void add(Site site, String pointer, List<PatchOperation> operations) throws CannotSplice {
        var lists = new LinkedHashMap<String, List<Object>>();
        for (var operation : operations) {
            var path = pointer + operation.path();
            if (path.endsWith("/-")) {
                lists.computeIfAbsent(path.substring(0, path.length() - 2), list -> new ArrayList<>())
                        .add(operation.value());
            } else if (operation.value() instanceof List<?> list) {
                lists.computeIfAbsent(path, none -> new ArrayList<>()).addAll(list);
            } else {
                throw new CannotSplice(path, "this is no list, and nothing but entries of lists can be written here");
            }
        }
        for (var list : lists.entrySet()) {
            list(site, list.getKey(), list.getValue());
        }
    }

    /** The text with all of it. */
    String written() {
        var ordered = new ArrayList<>(insertions);
        // The sort is stable: otherwise in the order of the additions.
        ordered.sort(Comparator.comparingInt(Insertion::start)
                .thenComparing(Comparator.comparingInt(Insertion::column).reversed())
                .thenComparing(Insertion::key));
        var written = new StringBuilder();
        var at = 0;
        for (var insertion : ordered) {
            written.append(text, at, insertion.start()).append(insertion.written());
            at = insertion.end();
        }
        return written.append(text, at, text.length()).toString();
    }

    private void list(Site site, String path, List<Object> items) throws CannotSplice {
        var slash = path.lastIndexOf('/');
        var parents = walk(site, path.substring(0, slash));
        var parent = parents.get(parents.size() - 1);
        var key = path.substring(slash + 1);
        var entry = parent.entry(key);
        if (entry.isEmpty()) {
            if (!site.tree().at(path).isMissingNode()) {
                throw new CannotSplice(
                        path,
                        "it comes in by a merge (<<), so that nothing can be added to it here;"
                                + " write the list out in its place");
            }
            absent(parents, key, items);
            return;
        }
        var value = entry.get().value();
        site.refuseShared(value, path);
        if (value.form() == Form.BLOCK_LIST) {
            lines(afterLine(value.last()), column(value.start()), false, blockItems(items));
        } else if (value.form() == Form.FLOW_LIST) {
            flow(value, items.stream().map(AddedText::flow).toList());
        } else if (site.tree().at(path).isNull()) {
            nothing(parents, value, items);
        } else {
            throw new CannotSplice(path, "it is no list");
        }
    }

    /** All that stands around a value, from the document to its parent. */
    private static List<Place> walk(Site site, String path) throws CannotSplice {
        var here = site.root();
        var places = new ArrayList<>(List.of(here));
        site.refuseShared(here, path);
        for (var part : path.isEmpty() ? new String[0] : path.substring(1).split("/", -1)) {
            var next = here.isList() || here.isMapping() ? here.entry(part) : Optional.<Entry>empty();
            if (next.isEmpty()) {
                throw new CannotSplice(
                        path,
                        "it comes in by a merge (<<), so that nothing can be added to it here;"
                                + " write it out in its place");
            }
            here = next.get().value();
            site.refuseShared(here, path);
            places.add(here);
        }
        return places;
    }

    private void absent(List<Place> parents, String key, List<Object> items) {
        var parent = parents.get(parents.size() - 1);
        if (parent.form() == Form.FLOW_MAPPING) {
            flow(parent, List.of(AddedText.flow(key) + ": " + AddedText.flow(items)));
            return;
        }
        var lines = new ArrayList<>(List.of(key + ":"));
        blockItems(items).forEach(line -> lines.add(" ".repeat(step(parents)) + line));
        lines(afterLine(parent.last()), column(parent.start()), true, lines);
    }

    /** A key without a list: {@code env:}, {@code env: null}. */
    private void nothing(List<Place> parents, Place value, List<Object> items) {
        var parent = parents.get(parents.size() - 1);
        if (parent.form() == Form.BLOCK_MAPPING && value.start() == value.end()) {
            lines(afterLine(value), column(parent.start()) + step(parents), false, blockItems(items));
        } else {
            var space = value.start() == value.end() ? " " : "";
            insertions.add(new Insertion(value.start(), value.end(), -1, false, space + AddedText.flow(items)));
        }
    }

    /** How far the nearest list is indented under its key. */
    private int step(List<Place> parents) {
        var nearest = new ArrayList<>(parents);
        Collections.reverse(nearest);
        return nearest.stream()
                .filter(parent -> parent.form() == Form.BLOCK_MAPPING)
                .flatMap(parent -> parent.entries().stream()
                        .map(Entry::value)
                        .filter(value -> value.form() == Form.BLOCK_LIST)
                        .map(list -> Math.max(0, column(list.start()) - column(parent.start()))))
                .findFirst()
                .orElse(INDENT);
    }

    private static List<String> blockItems(List<Object> items) {
        return items.stream().flatMap(item -> AddedText.item(item).stream()).toList();
    }

    /** Behind the last entry, on a line of its own where that one has. */
    private void flow(Place collection, List<String> items) {
        if (collection.entries().isEmpty()) {
            var inside = collection.start() + 1;
            insertions.add(new Insertion(inside, inside, -1, false, String.join(", ", items)));
            return;
        }
        var last = collection.entries().get(collection.entries().size() - 1);
        var before = text.substring(lineStart(last.start()), last.start());
        var space = before.isBlank() && last.start() > before.length() ? lineBreak + before : " ";
        var written = items.stream().map(item -> "," + space + item).collect(Collectors.joining());
        var behind = last.value().end();
        insertions.add(new Insertion(behind, behind, -1, false, written));
    }

    private void lines(int at, int column, boolean key, List<String> lines) {
        var indent = " ".repeat(column);
        var isLineStart = at == 0 || text.charAt(at - 1) == '\n';
        var written = lines.stream()
                .map(line -> isLineStart ? indent + line + lineBreak : lineBreak + indent + line)
                .collect(Collectors.joining());
        insertions.add(new Insertion(at, at, column, key, written));
    }

    /** The start of the line behind a value that ends a block. */
    private int afterLine(Place last) {
        var end = last.end();
        if (last.form() == Form.BLOCK_SCALAR
                && text.substring(lineStart(end), end).isBlank()) {
            return lineStart(end);
        }
        var lineFeed = text.indexOf('\n', end);
        return lineFeed < 0 ? text.length() : lineFeed + 1;
    }

    private int lineStart(int at) {
        return text.lastIndexOf('\n', at - 1) + 1;
    }

    private int column(int at) {
        return text.codePointCount(lineStart(at), at);
    }
}
