// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.PolicyFile.Problem;
import io.kmsguard.splice.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A mapping in a YAML file in which every key must be known; whatever is wrong goes to one list, with its line. */
final class StrictMapping {

    private final String what;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final List<Problem> problems;

    private StrictMapping(String what, int line, List<Problem> problems) {
        this.what = what;
        this.line = line;
        this.problems = problems;
    }

    /**
     * Reads a node.
     *
     * @param what names the mapping in messages, for example {@code an exception}
     * @param problems takes what is wrong
     */
    static StrictMapping of(Node node, String what, List<Problem> problems) {
        var mapping = new StrictMapping(what, line(node), problems);
        if (node instanceof MappingNode entries) {
            for (var entry : entries.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode key) {
                    if (mapping.values.put(key.getValue(), entry.getValueNode()) != null) {
                        mapping.problem(key, key.getValue() + " stands twice in " + what);
                    }
                } else {
                    mapping.problem(entry.getKeyNode(), "a key of " + what + " must be a plain word");
                }
            }
        } else if (!isNull(node)) {
            mapping.problem(node, what + " must be a mapping (key: value)");
        }
        return mapping;
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    /** Complains of every other key. */
    StrictMapping only(List<String> known) {
        for (var key : values.keySet()) {
            if (!known.contains(key)) {
                problem(key, "unknown key " + key + " in " + what + Suggestion.hint(key, known));
            }
        }
        return this;
    }

    Set<String> keys() {
        return values.keySet();
    }

    /** Whether the key is there with a value of any kind. */
    boolean has(String key) {
        var node = values.get(key);
        return node != null && !isNull(node);
    }

    int line() {
        return line;
    }

    /** A scalar as text; empty where it is absent or, with a complaint, no scalar. */
    Optional<String> text(String key) {
        var node = values.get(key);
        if (node == null || isNull(node)) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue().strip()).filter(text -> !text.isEmpty());
        }
        problem(key, key + " of " + what + " must be a text");
        return Optional.empty();
    }

    /** The same, with a complaint where it is absent. */
    String required(String key, String example) {
        var text = text(key);
        if (text.isEmpty()) {
            problems.add(new Problem(line, what + " lacks " + key + " (for example " + key + ": " + example + ")"));
        }
        return text.orElse("");
    }

    /**
     * Complains where a text cannot be the name of anything in Kubernetes, since it would match nothing; a wildcard is none.
     *
     * @param isName tells what is such a name
     */
    void isName(String key, Predicate<String> isName) {
        if (values.get(key) instanceof ScalarNode scalar) {
            var name = scalar.getValue().strip();
            if (!name.isEmpty() && !isName.test(name)) {
                problem(
                        key,
                        key + " of " + what + " is '" + name
                                + "', which nothing in Kubernetes can be called: lower-case"
                                + " letters, digits, - and ., without wildcards");
            }
        }
    }

    /** One of some words; empty where it is absent or, with a complaint, another. */
    Optional<String> word(String key, List<String> words) {
        var text = text(key);
        if (text.isPresent() && !words.contains(text.get())) {
            problem(key, key + " of " + what + " is " + text.get() + Suggestion.hint(text.get(), words));
            return Optional.empty();
        }
        return text;
    }

    /** A mapping in this one; an empty one where it is absent. */
    StrictMapping mapping(String key) {
        var node = values.get(key);
        return node == null ? new StrictMapping(key, line, problems) : of(node, key, problems);
    }

    /** A list of mappings in this one. */
    List<StrictMapping> mappings(String key, String item) {
        var node = values.get(key);
        if (node == null || isNull(node)) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            problem(key, key + " of " + what + " must be a list (- …)");
            return List.of();
        }
        var mappings = new ArrayList<StrictMapping>();
        sequence.getValue().forEach(entry -> mappings.add(of(entry, item, problems)));
        return mappings;
    }

    /** A list of texts in this one; empty where it is absent or, with a complaint, something else. */
    List<String> texts(String key) {
        var node = values.get(key);
        if (node == null || isNull(node)) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        if (node instanceof SequenceNode sequence) {
            for (var entry : sequence.getValue()) {
                if (entry instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
                    texts.add(scalar.getValue().strip());
                } else {
                    problem(entry, "each entry of " + key + " in " + what + " must be a text");
                }
            }
        } else {
            problem(key, key + " of " + what + " must be a list (- …)");
        }
        return texts;
    }

    /** Complains at the line of a key. */
    void problem(String key, String message) {
        problem(values.get(key), message);
    }

    private void problem(@Nullable Node node, String message) {
        problems.add(new Problem(node == null ? line : line(node), message));
    }
}
