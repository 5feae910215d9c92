// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Manifests in every style that YAML allows, as people and programs write them. */
final class OddManifests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final List<String> VALUES = List.of(
            "plain",
            "yes",
            "",
            "1e3",
            "a: b",
            "# c",
            "é 😀",
            "\"q\"",
            "it's",
            "*x",
            "a\nb",
            "a\nb\n",
            "a {\n  b\n}\n\n",
            "\t",
            "- x",
            "{{ x }}",
            "-----",
            "[",
            "null",
            "a \\ b");
    private static final List<String> BETWEEN =
            List.of("---\n", "---\n", "--- # next\n", "...\n---\n", "---\n# Source: a.yaml\n---\n\n", "--- \n\n\n");

    private final RandomGenerator random;
    private final StringBuilder text = new StringBuilder();

    private OddManifests(RandomGenerator random) {
        this.random = random;
    }

    /** Some documents, a Deployment among them. */
    static String text(RandomGenerator random) {
        var odd = new OddManifests(random);
        if (odd.oneIn(8)) {
            odd.text.append('\uFEFF');
        }
        var count = 1 + random.nextInt(4);
        var deployment = random.nextInt(count);
        for (var i = 0; i < count; i++) {
            if (i > 0) {
                odd.text.append(odd.any(BETWEEN));
            } else if (odd.oneIn(2)) {
                odd.text.append("---\n");
            }
            odd.document(i == deployment || odd.oneIn(3) ? odd.deployment("d" + i) : odd.configMap("c" + i));
        }
        var whole = odd.text.toString();
        var end = odd.oneIn(3) ? whole.stripTrailing() : whole;
        return odd.oneIn(4) ? end.replace("\n", "\r\n") : end;
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private ObjectNode configMap(String name) {
        var map = object("v1", "ConfigMap", name);
        map.putObject("data").put("a", any(VALUES)).put("b", any(VALUES));
        return map;
    }

    private static ObjectNode object(String apiVersion, String kind, String name) {
        var object = JSON.createObjectNode().put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }

    private ObjectNode deployment(String name) {
        var deployment = object("apps/v1", "Deployment", name);
        var pod = deployment.putObject("spec").putObject("template").putObject("spec");
        var containers = pod.putArray("containers");
        for (var i = random.nextInt(3); i >= 0; i--) {
            var container = containers.addObject();
            container.put("name", any(VALUES));
            list(container, "env");
            if (oneIn(2)) {
                container.put("image", any(VALUES));
            }
            list(container, "volumeMounts");
            if (oneIn(3)) {
                container.putObject("resources").putObject("limits").put("memory", any(VALUES));
            }
        }
        list(pod, "volumes");
        if (oneIn(2)) {
            pod.put("serviceAccountName", any(VALUES));
        }
        return deployment;
    }

    private void list(ObjectNode parent, String key) {
        switch (random.nextInt(6)) {
            case 0 -> {}
            case 1 -> parent.putNull(key);
            case 2 -> parent.putArray(key);
            default -> {
                var list = parent.putArray(key);
                for (var i = random.nextInt(3); i >= 0; i--) {
                    list.addObject().put("name", any(VALUES)).put("value", any(VALUES));
                }
            }
        }
    }

    private void document(ObjectNode object) {
        switch (random.nextInt(6)) {
            case 0 -> text.append(JSON.writeValueAsString(object)).append('\n');
            case 1 -> text.append(PRETTY.writeValueAsString(object)).append('\n');
            default -> mapping(object, 0, 0);
        }
    }

    /** The first key stands at the column that the text has reached. */
    private void mapping(ObjectNode object, int column, int reached) {
        var at = reached;
        for (Iterator<Map.Entry<String, JsonNode>> entries = object.properties().iterator();
                entries.hasNext();
                at = 0) {
            var entry = entries.next();
            text.append(" ".repeat(column - at)).append(key(entry.getKey())).append(':');
            value(entry.getValue(), column);
        }
    }

    private String key(String key) {
        return oneIn(10) ? "\"" + key + "\"" : key;
    }

    /** The value of a key at that column. */
    private void value(JsonNode node, int column) {
        if (node instanceof ObjectNode object && !object.isEmpty() && !oneIn(6)) {
            end();
            mapping(object, column + 1 + random.nextInt(4), 0);
        } else if (node instanceof ArrayNode array && !array.isEmpty() && !oneIn(6)) {
            end();
            items(array, column + any(List.of(0, 0, 2, 2, 1, 5)));
        } else if (node.isNull()) {
            text.append(any(List.of("", " null", " ~", " ")));
            end();
        } else if (node.isString() && node.stringValue().contains("\n") && !oneIn(3)) {
            block(node.stringValue(), column + 1 + random.nextInt(4));
        } else {
            text.append(" ".repeat(1 + random.nextInt(3))).append(flow(node));
            end();
        }
    }

    private void items(ArrayNode array, int column) {
        for (var item : array) {
            var spaces = oneIn(4) ? 3 : 1;
            text.append(" ".repeat(column)).append('-').append(" ".repeat(spaces));
            if (item instanceof ObjectNode object && !oneIn(5)) {
                mapping(object, column + 1 + spaces, column + 1 + spaces);
            } else {
                text.append(flow(item));
                end();
            }
        }
    }

    private void block(String value, int column) {
        var chomping = value.endsWith("\n\n") ? "+" : value.endsWith("\n") ? "" : "-";
        text.append(any(List.of(" |", " >"))).append(chomping).append('\n');
        value.lines()
                .forEach(line -> text.append(line.isEmpty() ? "" : " ".repeat(column) + line)
                        .append('\n'));
    }

    private String flow(JsonNode node) {
        var json = node.toString();
        if (node.isString() && node.stringValue().matches("[a-z]+|é 😀") && oneIn(2)) {
            return node.stringValue();
        }
        if (node.isString() && !node.stringValue().contains("\n") && oneIn(2)) {
            return "'" + node.stringValue().replace("'", "''") + "'";
        }
        return oneIn(3) ? json.replace("},{", "} , {").replace("\":", "\": ") : json;
    }

    /** Ends a line, with what people put there. */
    private void end() {
        text.append(oneIn(8) ? " # why: not" : "").append(oneIn(10) ? "  " : "").append('\n');
        if (oneIn(10)) {
            text.append(" ".repeat(random.nextInt(9)))
                    .append(oneIn(2) ? "# - name: x" : "")
                    .append('\n');
        }
    }

    /** Additions to some of the lists of a Deployment. */
    static List<String> lists(RandomGenerator random, JsonNode deployment) {
        var paths = new ArrayList<String>();
        var pod = "/spec/template/spec";
        var containers = deployment.at(pod + "/containers").size();
        for (var i = 0; i < containers; i++) {
            paths.add(pod + "/containers/" + i + "/env");
            paths.add(pod + "/containers/" + i + "/volumeMounts");
        }
        paths.add(pod + "/volumes");
        paths.removeIf(path -> random.nextInt(3) == 0);
        return paths;
    }
}
