// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.resolver.Resolver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/** Reads one YAML document: nodes with their marks, made into the JSON that kubectl would send. */
final class ManifestYaml {

    /** For a scalar without a tag of its own: {@link ManifestScalars} says what it is. */
    private static final Tag PLAIN = new Tag("!plain");

    /** Values that aliases may add to those that are written. */
    private static final int ALIASED = 100_000;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ManifestTree.Builder builder;

    private ManifestYaml(ManifestTree.Builder builder) {
        this.builder = builder;
    }

    /**
     * Reads one document.
     *
     * @param firstLine the line of the file on which the text starts, counted from 1
     * @return null for a document without content
     */
    static @Nullable ManifestTree read(String text, int firstLine) throws UnreadableManifest {
        var builder = new ManifestTree.Builder(firstLine, text.length() + ALIASED);
        var options = new LoaderOptions();
        options.setNestingDepthLimit(ManifestTree.MAX_DEPTH);
        options.setCodePointLimit(Integer.MAX_VALUE); // the file's size is bounded before
        var parser = new ParserImpl(ManifestCharacters.of(text, builder), options);
        try {
            var root = new Composer(parser, new PlainResolver(), options).getSingleNode();
            if (root == null) {
                return null;
            }
            var reader = new ManifestYaml(builder);
            return builder.build(reader.value(root, root.getStartMark().getLine(), 1));
        } catch (MarkedYAMLException e) {
            throw builder.unreadable(line(e.getProblemMark(), e.getContextMark()), YamlTrouble.describe(e));
        } catch (YAMLException e) {
            throw builder.unreadable(lineOf(parser), YamlTrouble.describe(e));
        }
    }

    private static int line(@Nullable Mark problem, @Nullable Mark context) {
        var mark = problem == null ? context : problem;
        return mark == null ? 0 : mark.getLine();
    }

    /** Where the parser stood when a limit stopped it. */
    private static int lineOf(ParserImpl parser) {
        try {
            return line(parser.peekEvent().getStartMark(), null);
        } catch (YAMLException unreadableToo) {
            return 0;
        }
    }

    private JsonNode value(Node node, int line, int depth) throws UnreadableManifest {
        builder.value(line, depth);
        if (node.isTwoStepsConstruction()) {
            throw builder.unreadable(line, "an alias stands inside of what it stands for");
        }
        if (node instanceof MappingNode mapping) {
            return object(mapping, depth);
        }
        if (node instanceof SequenceNode sequence) {
            var array = JSON.arrayNode(sequence.getValue().size());
            for (var item : sequence.getValue()) {
                array.add(value(item, item.getStartMark().getLine(), depth + 1));
            }
            return array;
        }
        return scalar((ScalarNode) node, line);
    }

    private JsonNode object(MappingNode mapping, int depth) throws UnreadableManifest {
        var object = JSON.objectNode();
        if (mapping.getValue().stream().anyMatch(ManifestYaml::isMerge)) {
            for (var entry : merged(mapping, depth).entrySet()) {
                var tuple = entry.getValue();
                object.set(entry.getKey(), value(tuple.getValueNode(), line(tuple), depth + 1));
            }
            return object;
        }
        for (var tuple : mapping.getValue()) {
            var key = key(tuple);
            if (object.has(key)) {
                throw duplicate(tuple, key);
            }
            object.set(key, value(tuple.getValueNode(), line(tuple), depth + 1));
        }
        return object;
    }

    /** With what {@code <<} brings in; what the mapping says itself wins, and of several the first (YAML 1.1, merge). */
    private Map<String, NodeTuple> merged(MappingNode mapping, int depth) throws UnreadableManifest {
        builder.merge(mapping.getStartMark().getLine(), depth);
        var own = new LinkedHashMap<String, NodeTuple>();
        for (var tuple : mapping.getValue()) {
            if (!isMerge(tuple) && own.put(key(tuple), tuple) != null) {
                throw duplicate(tuple, key(tuple));
            }
        }
        for (var tuple : mapping.getValue()) {
            if (isMerge(tuple)) {
                var sources = tuple.getValueNode() instanceof SequenceNode list
                        ? list.getValue()
                        : List.of(tuple.getValueNode());
                for (var source : sources) {
                    if (!(source instanceof MappingNode other)) {
                        throw builder.unreadable(line(tuple), "<< takes a mapping or a list of mappings");
                    }
                    merged(other, depth + 1).forEach(own::putIfAbsent);
                }
            }
        }
        return own;
    }

    private UnreadableManifest duplicate(NodeTuple tuple, String key) {
        return builder.unreadable(line(tuple), "the key " + key + " stands twice in one mapping");
    }

    private static boolean isMerge(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode key
                && key.getScalarStyle() == ScalarStyle.PLAIN
                && key.getValue().equals("<<");
    }

    private static int line(NodeTuple tuple) {
        return tuple.getKeyNode().getStartMark().getLine();
    }

    private String key(NodeTuple tuple) throws UnreadableManifest {
        if (tuple.getKeyNode() instanceof ScalarNode scalar) {
            var key = scalar(scalar, line(tuple));
            if (!key.isNull()) {
                return key.asString();
            }
        }
        throw builder.unreadable(line(tuple), "a key must be text, not a list, a mapping or null");
    }

    private JsonNode scalar(ScalarNode node, int line) throws UnreadableManifest {
        var tag = node.getTag();
        if (tag.equals(PLAIN)
                || tag.equals(Tag.BOOL)
                || tag.equals(Tag.INT)
                || tag.equals(Tag.FLOAT)
                || tag.equals(Tag.NULL)) {
            return ManifestScalars.plain(node.getValue())
                    .orElseThrow(() -> builder.unreadable(line, ".nan and .inf are no numbers that JSON can say"));
        }
        return StringNode.valueOf(node.getValue());
    }

    /** Leaves plain scalars alone, since SnakeYAML and Kubernetes do not agree on what they are. */
    private static final class PlainResolver extends Resolver {

        @Override
        protected void addImplicitResolvers() {
            // None: see resolve.
        }

        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
            return kind == NodeId.scalar && implicit ? PLAIN : super.resolve(kind, value, implicit);
        }
    }
}
