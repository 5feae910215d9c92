// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Reads manifests as kubectl does: documents of YAML 1.1 or JSON, lists of objects, and AdmissionReviews. A document
 * that cannot be read is a problem with its line, and costs none of the others.
 */
public final class ManifestReader {

    private ManifestReader() {}

    /**
     * What a text holds.
     *
     * @param manifests in the order of the text
     * @param problems in the order of the text
     */
    public record Reading(List<Manifest> manifests, List<ManifestProblem> problems) {

        /** Several readings in a row. */
        public static Reading concat(List<Reading> readings) {
            return new Reading(
                    readings.stream().flatMap(r -> r.manifests.stream()).toList(),
                    readings.stream().flatMap(r -> r.problems.stream()).toList());
        }
    }

    /**
     * Reads all documents of a text.
     *
     * @param file how to name it in problems
     */
    public static Reading read(String file, String text) {
        // Each document on its own: one broken one leaves the others, and several processors share the work.
        return Reading.concat(chunks(text).parallelStream()
                .map(chunk -> read(file, text.substring(chunk.start, chunk.end), chunk.line))
                .toList());
    }

    /** A part of the text between document markers, and the line on which it starts. */
    record Chunk(int start, int end, int line) {}

    /** YAML allows no line that starts with a document marker inside of a document, not even in a block of text. */
    static List<Chunk> chunks(String text) {
        var chunks = new ArrayList<Chunk>();
        var start = text.startsWith("\uFEFF") ? 1 : 0;
        var startLine = 1;
        var line = 1;
        for (var at = start; at < text.length(); line++) {
            var next = text.indexOf('\n', at) + 1;
            next = next == 0 ? text.length() : next;
            if (isMarker(text, at, "---")) {
                chunks.add(new Chunk(start, at, startLine));
                start = at;
                startLine = line;
            } else if (isMarker(text, at, "...")) {
                chunks.add(new Chunk(start, at, startLine));
                start = next;
                startLine = line + 1;
            }
            at = next;
        }
        chunks.add(new Chunk(start, text.length(), startLine));
        return chunks;
    }

    private static boolean isMarker(String text, int at, String marker) {
        return text.startsWith(marker, at) && (at + 3 == text.length() || Character.isWhitespace(text.charAt(at + 3)));
    }

    private static Reading read(String file, String text, int line) {
        try {
            var objects = new ManifestObjects(file);
            trees(text, line).forEach(objects::add);
            return objects.reading();
        } catch (UnreadableManifest e) {
            return new Reading(List.of(), List.of(problem(file, text, e)));
        }
    }

    static ManifestProblem problem(String file, String text, UnreadableManifest e) {
        var hint = text.contains("{{") ? "; it looks like a chart's template: render it with helm template first" : "";
        return new ManifestProblem(file, e.line(), e.reason() + hint);
    }

    /** A comment, a directive, or a marker alone. */
    private static boolean isNoContent(String line) {
        return line.isBlank()
                || line.startsWith("%")
                || line.stripLeading().startsWith("#")
                || (line.startsWith("---") && isNoContent(line.substring(3)));
    }

    /** The documents between two markers: one of YAML, any number of JSON. */
    static List<ManifestTree> trees(String text, int line) throws UnreadableManifest {
        if (text.lines().allMatch(ManifestReader::isNoContent)) {
            return List.of();
        }
        var body = text.startsWith("---") ? "   " + text.substring(3) : text;
        if (!body.stripLeading().startsWith("{") && !body.stripLeading().startsWith("[")) {
            return yaml(text, line);
        }
        try {
            return ManifestJson.read(body, line);
        } catch (UnreadableManifest notJson) {
            try {
                // A flow mapping: {kind: Secret}.
                return yaml(text, line);
            } catch (UnreadableManifest notYamlEither) {
                throw notJson;
            }
        }
    }

    private static List<ManifestTree> yaml(String text, int line) throws UnreadableManifest {
        return Stream.of(ManifestYaml.read(text, line)).filter(Objects::nonNull).toList();
    }
}
