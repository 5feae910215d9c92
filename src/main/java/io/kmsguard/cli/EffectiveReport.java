// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EffectiveConfig;
import io.kmsguard.splice.EffectiveConfig.Entry;
import io.kmsguard.splice.EffectiveConfig.Road;
import io.kmsguard.splice.EffectiveConfig.RoadKind;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import java.io.PrintStream;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes configurations: for people as HOCON with comments, which Canton could read, and for machines as JSON. */
final class EffectiveReport {

    private static final JsonMapper JSON = new JsonMapper();

    private EffectiveReport() {}

    /** The configuration of one container. */
    record Shown(Manifest manifest, ObjectRef ref, Container container, EffectiveConfig config) {}

    static void text(List<Shown> containers, List<ManifestProblem> errors, PrintStream out) {
        var separator = "";
        for (var shown : containers) {
            out.print(separator);
            text(shown, out);
            separator = "\n";
        }
        if (containers.isEmpty()) {
            out.println("# Nothing to show: no container of Splice.");
        }
        errors.forEach(
                error -> out.println("# error: " + Places.of(error.file(), error.line()) + ": " + error.message()));
    }

    private static void text(Shown shown, PrintStream out) {
        var config = shown.config();
        out.println("# " + shown.ref() + ", container " + shown.container().name() + " (" + roles(shown) + "), from "
                + Places.of(shown.manifest().file(), shown.manifest().line()));
        config.unreadable().ifPresent(why -> out.println("# " + why));
        if (config.entries().isEmpty() && config.unreadable().isEmpty()) {
            out.println("# Its env vars configure nothing.");
        }
        config.misread().forEach(what -> out.println("# " + what));
        config.unseen().forEach(what -> out.println("# not seen: " + what));
        roads(config.roads(), out);
        var root = new Block();
        config.entries().forEach(entry -> root.put(entry, 0));
        root.write("", out);
    }

    /** Which of several texts wins; of one there is nothing to say. */
    private static void roads(List<Road> roads, PrintStream out) {
        if (roads.size() < 2) {
            return;
        }
        out.println("# Of these the later wins:");
        for (var i = 0; i < roads.size(); i++) {
            var road = roads.get(i);
            var words = Stream.of(road.kind() == RoadKind.PROPERTY ? "system properties" : "", road.source())
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(", "));
            out.println("#   " + (i + 1) + ". " + road.name() + (words.isEmpty() ? "" : " (" + words + ")"));
        }
    }

    private static String roles(Shown shown) {
        return shown.container().roles().stream().sorted().map(Role::id).collect(Collectors.joining(", "));
    }

    /** A block of HOCON, or a key where it has an entry. */
    private static final class Block {
        private final TreeMap<String, Block> children = new TreeMap<>();
        private @Nullable Entry entry;

        void put(Entry other, int depth) {
            if (depth == other.path().size()) {
                entry = other;
            } else {
                children.computeIfAbsent(other.path().get(depth), key -> new Block())
                        .put(other, depth + 1);
            }
        }

        void write(String indent, PrintStream out) {
            children.forEach((key, child) -> child.write(indent, key(key), out));
        }

        private void write(String indent, String path, PrintStream out) {
            if (entry != null) {
                out.println(indent + path + " = " + entry.value() + origin(entry));
            } else if (children.size() == 1) {
                children.forEach((key, only) -> only.write(indent, path + "." + key(key), out));
            } else {
                out.println(indent + path + " {");
                write(indent + "  ", out);
                out.println(indent + "}");
            }
        }

        private static String origin(Entry entry) {
            if (entry.env().isEmpty()) {
                return "";
            }
            return "  # " + entry.env() + (entry.line() == 0 ? "" : ", line " + entry.line())
                    + (entry.over().isEmpty() ? "" : "; not " + String.join(", ", entry.over()));
        }

        private static String key(String name) {
            return name.matches("[A-Za-z0-9_-]+") ? name : '"' + name + '"';
        }
    }

    static void json(List<Shown> containers, List<ManifestProblem> errors, PrintStream out) {
        var root = PrettyJson.object();
        root.put("apiVersion", "kms-guard.io/v1");
        root.put("kind", "EffectiveConfig");
        var list = root.putArray("containers");
        containers.forEach(shown -> add(list.addObject(), shown));
        var problems = root.putArray("errors");
        errors.forEach(error -> JsonReport.add(problems.addObject(), error));
        out.println(PrettyJson.text(root));
    }

    private static void add(ObjectNode node, Shown shown) {
        node.putObject("source")
                .put("file", shown.manifest().file())
                .put("line", shown.manifest().line());
        node.put("kind", shown.ref().kind());
        node.put("namespace", shown.ref().namespace());
        node.put("name", shown.ref().name());
        node.put("container", shown.container().name());
        var roles = node.putArray("roles");
        shown.container().roles().stream().sorted().map(Role::id).forEach(roles::add);
        shown.config().unreadable().ifPresent(why -> node.put("unreadable", why));
        shown.config().misread().forEach(node.putArray("misread")::add);
        shown.config().unseen().forEach(node.putArray("unseen")::add);
        var roads = node.putArray("roads");
        shown.config()
                .roads()
                .forEach(road -> roads.addObject()
                        .put("kind", road.kind().id())
                        .put("name", road.name())
                        .put("source", road.source()));
        var entries = node.putArray("entries");
        shown.config().entries().forEach(entry -> {
            var one = entries.addObject()
                    .put("path", entry.path().stream().map(Block::key).collect(Collectors.joining(".")));
            one.set("value", JSON.readTree(entry.value()));
            if (!entry.env().isEmpty()) {
                one.put("env", entry.env());
                if (entry.line() > 0) {
                    one.put("line", entry.line());
                }
                entry.over().forEach(one.putArray("over")::add);
            }
        });
    }
}
