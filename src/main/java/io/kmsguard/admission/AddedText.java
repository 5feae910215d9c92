// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.StringNode;

/** What is added to a manifest, in the two styles that YAML has; flow style is JSON. */
final class AddedText {

    /** Nothing that any version of YAML could take for something else than text, but for its words and numbers. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9_./-]*");

    private AddedText() {}

    /** An entry of a list, as lines: the first starts with a dash. */
    static List<String> item(Object value) {
        var lines = new ArrayList<String>();
        for (var line : value instanceof Map<?, ?> map && !map.isEmpty() ? block(map) : List.of(scalar(value))) {
            lines.add((lines.isEmpty() ? "- " : "  ") + line);
        }
        return lines;
    }

    private static List<String> block(Map<?, ?> map) {
        var lines = new ArrayList<String>();
        map.forEach((key, value) -> {
            var name = scalar(key) + ":";
            if (value instanceof Map<?, ?> inner && !inner.isEmpty()) {
                lines.add(name);
                block(inner).forEach(line -> lines.add("  " + line));
            } else if (value instanceof List<?> list && !list.isEmpty()) {
                lines.add(name);
                list.forEach(entry -> lines.addAll(item(entry)));
            } else {
                lines.add(name + " " + scalar(value));
            }
        });
        return lines;
    }

    private static String scalar(Object value) {
        return value instanceof String text && PLAIN.matcher(text).matches() && isText(text) ? text : flow(value);
    }

    private static boolean isText(String plain) {
        return ManifestScalars.plain(plain).filter(StringNode.class::isInstance).isPresent();
    }

    /** The value as JSON on one line, with the spaces that YAML 1.1 wants. */
    static String flow(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> flow(String.valueOf(entry.getKey())) + ": " + flow(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(AddedText::flow).collect(Collectors.joining(", ", "[", "]"));
        }
        return AdmissionReviews.tree(value).toString();
    }
}
