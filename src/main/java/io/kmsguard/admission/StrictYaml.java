// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.PolicyFile.Problem;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads a file of the guard's own: one YAML document of one kind, without aliases.
 *
 * @param kind its kind
 * @param what what it is called in messages, for example {@code a policy}
 */
record StrictYaml(String kind, String what) {

    /** As much as a ConfigMap can hold, nearly. */
    private static final int MAX_CHARACTERS = 1_000_000;

    private static final String VERSION = "kms-guard.io/v1";

    /**
     * The document as a mapping.
     *
     * @param problems takes what is wrong
     */
    Optional<StrictMapping> read(String text, List<String> keys, List<Problem> problems) {
        // SnakeYAML's own limit overlooks comments.
        if (text.length() > MAX_CHARACTERS) {
            problems.add(new Problem(1, tooMuch()));
            return Optional.empty();
        }
        try {
            return document(text, problems).map(node -> top(node, keys, problems));
        } catch (MarkedYAMLException broken) {
            var mark = broken.getProblemMark();
            problems.clear();
            problems.add(new Problem(mark == null ? 1 : mark.getLine() + 1, "this is no YAML: " + broken.getProblem()));
        } catch (YAMLException | StackOverflowError broken) {
            problems.clear();
            problems.add(new Problem(1, tooMuch()));
        }
        return Optional.empty();
    }

    private String tooMuch() {
        return "this YAML is too large, or nested or repeated too much, to be " + what;
    }

    private Optional<Node> document(String text, List<Problem> problems) {
        var options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        var documents = new ArrayList<Node>();
        new Yaml(options).composeAll(new StringReader(text)).forEach(documents::add);
        if (documents.isEmpty()) {
            problems.add(new Problem(1, "the file is empty; it must hold one " + kind));
        } else if (documents.size() > 1) {
            problems.add(new Problem(
                    StrictMapping.line(documents.get(1)), "the file holds a second document; " + what + " is one"));
        }
        aliases(text, options, problems);
        return documents.stream().findFirst();
    }

    /** None is needed, and what repeats by them can be larger than it looks. Composing told how deep it is. */
    private static void aliases(String text, LoaderOptions options, List<Problem> problems) {
        for (var event : new Yaml(options).parse(new StringReader(text))) {
            if (event instanceof AliasEvent alias) {
                var line = alias.getStartMark().getLine() + 1;
                problems.add(new Problem(line, "aliases (*" + alias.getAnchor() + ") are not taken; write it out"));
                return;
            }
        }
    }

    private StrictMapping top(Node node, List<String> keys, List<Problem> problems) {
        var top = StrictMapping.of(node, what.replaceFirst("^an? ", "the "), problems)
                .only(keys);
        must(top, "apiVersion", VERSION);
        must(top, "kind", kind);
        return top;
    }

    private static void must(StrictMapping top, String key, String value) {
        var text = top.required(key, value);
        if (!text.isEmpty() && !text.equals(value)) {
            top.problem(key, key + " is " + text + "; it must be " + value);
        }
    }
}
