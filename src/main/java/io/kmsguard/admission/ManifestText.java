// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.injection.PatchOperation;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A text of manifests that can be completed in place: what is not added to stays as it is, byte for byte. */
public final class ManifestText {

    private static final String UNSAFE =
            "what is missing cannot be written here without a change of what stands there; set it in the values"
                    + " (kms-guard check says which), or end the text with a line break";

    private final String text;
    private final List<Part> parts;

    private ManifestText(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /** What stands between two document markers: one document of YAML, or any number of JSON. */
    private record Part(
            ManifestReader.Chunk chunk,
            List<Document> documents,
            List<ManifestProblem> foreign,
            List<ManifestProblem> unreadable) {}

    private record Document(JsonNode root, List<Manifest> manifests) {}

    /** What came of completing a text. */
    public sealed interface Completing {

        /** Everything was added. */
        record Done(String text) implements Completing {}

        /** Something could not be added without a change of what stands there, so nothing is. */
        record Refused(List<ManifestProblem> problems) implements Completing {}
    }

    /**
     * Reads all documents of a text, each on its own.
     *
     * @param file how to name it in problems
     */
    public static ManifestText read(String file, String text) {
        return new ManifestText(
                text,
                ManifestReader.chunks(text).parallelStream()
                        .map(chunk -> part(file, text.substring(chunk.start(), chunk.end()), chunk))
                        .toList());
    }

    private static Part part(String file, String text, ManifestReader.Chunk chunk) {
        try {
            var documents = new ArrayList<Document>();
            var foreign = new ArrayList<ManifestProblem>();
            for (var tree : ManifestReader.trees(text, chunk.line())) {
                var objects = new ManifestObjects(file);
                objects.add(tree);
                foreign.addAll(objects.reading().problems());
                documents.add(new Document(
                        tree.root(),
                        objects.reading().manifests().stream()
                                .filter(manifest -> !isReview(manifest))
                                .toList()));
            }
            return new Part(chunk, documents, foreign, List.of());
        } catch (UnreadableManifest e) {
            return new Part(chunk, List.of(), List.of(), List.of(ManifestReader.problem(file, text, e)));
        }
    }

    /** What is asked about an object is no manifest of it. */
    private static boolean isReview(Manifest manifest) {
        return manifest.lines().pointer().startsWith("/request");
    }

    /** The Kubernetes objects, in their order, those in lists too. */
    public List<Manifest> manifests() {
        return parts.stream()
                .flatMap(part -> part.documents.stream())
                .flatMap(document -> document.manifests.stream())
                .toList();
    }

    /** Documents that cannot be read at all. */
    public List<ManifestProblem> unreadable() {
        return parts.stream().flatMap(part -> part.unreadable.stream()).toList();
    }

    /** What can be read and is no Kubernetes object, or none that can be told from others. */
    public List<ManifestProblem> foreign() {
        return parts.stream().flatMap(part -> part.foreign.stream()).toList();
    }

    /**
     * The text with everything added. What was written is read again, and has to be what a patch would have made of the
     * objects, or else nothing is added at all.
     *
     * @param additions what to add, by the very manifests of this text
     */
    public Completing complete(IdentityHashMap<Manifest, List<PatchOperation>> additions) {
        var written = new StringBuilder();
        var problems = new ArrayList<ManifestProblem>();
        var at = 0;
        for (var part : parts) {
            var wanting = part.documents.stream()
                    .flatMap(document -> document.manifests.stream())
                    .filter(additions::containsKey)
                    .toList();
            if (!wanting.isEmpty()) {
                written.append(text, at, part.chunk.start());
                written.append(complete(part, additions, wanting, problems));
                at = part.chunk.end();
            }
        }
        written.append(text, at, text.length());
        return problems.isEmpty() ? new Completing.Done(written.toString()) : new Completing.Refused(problems);
    }

    private String complete(
            Part part,
            IdentityHashMap<Manifest, List<PatchOperation>> additions,
            List<Manifest> wanting,
            List<ManifestProblem> problems) {
        var chunk = text.substring(part.chunk.start(), part.chunk.end());
        var splice = new Splice(chunk);
        var wanted = new ArrayList<JsonNode>();
        var refused = new ArrayList<ManifestProblem>();
        var places = places(chunk, part.documents.size());
        for (var i = 0; i < part.documents.size(); i++) {
            var document = part.documents.get(i);
            var site = Splice.Site.of(document.root, places.get(i));
            var all = new ArrayList<PatchOperation>();
            for (var manifest : document.manifests) {
                var operations = additions.getOrDefault(manifest, List.of());
                var pointer = manifest.lines().pointer();
                try {
                    splice.add(site, pointer, operations);
                } catch (CannotSplice e) {
                    refused.add(problem(manifest, e.pointer(), e.reason()));
                }
                all.addAll(within(pointer, operations));
            }
            wanted.add(Patches.apply(document.root, all));
        }
        var written = splice.written();
        if (refused.isEmpty() && !reads(written, part.chunk.line(), wanted)) {
            wanting.forEach(
                    manifest -> refused.add(problem(manifest, manifest.lines().pointer(), UNSAFE)));
        }
        problems.addAll(refused);
        return written;
    }

    private static ManifestProblem problem(Manifest manifest, String pointer, String reason) {
        var own = pointer.substring(manifest.lines().pointer().length());
        var what = manifest.kind() + " " + manifest.ref("").name();
        return new ManifestProblem(
                manifest.file(), manifest.lines().line(own), what + ": " + (own.isEmpty() ? "" : own + ": ") + reason);
    }

    private static List<PatchOperation> within(String pointer, List<PatchOperation> operations) {
        return operations.stream()
                .map(operation -> new PatchOperation(pointer + operation.path(), operation.value()))
                .toList();
    }

    private static boolean reads(String text, int line, List<JsonNode> wanted) {
        try {
            return ManifestReader.trees(text, line).stream()
                    .map(ManifestTree::root)
                    .toList()
                    .equals(wanted);
        } catch (UnreadableManifest broken) {
            return false;
        }
    }

    /** As {@link ManifestReader} reads it: as JSON where it is, or else as YAML. */
    private static List<Place> places(String chunk, int documents) {
        try {
            var places = JsonPlaces.read(chunk.startsWith("---") ? "   " + chunk.substring(3) : chunk);
            if (places.size() == documents) {
                return places;
            }
        } catch (JacksonException usuallyYaml) {
            // Read below.
        }
        try {
            return List.of(YamlPlaces.read(chunk));
        } catch (UnreadableManifest e) {
            throw new IllegalStateException("read before, and unreadable now", e);
        }
    }
}
