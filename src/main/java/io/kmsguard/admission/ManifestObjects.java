// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Takes the objects out of documents: as they are, out of lists, out of AdmissionReviews. */
final class ManifestObjects {

    /** What the guard asks for by name; without one it could not be told from others. */
    private static final Set<String> NAMED =
            Set.of("Deployment", "StatefulSet", "Secret", "ConfigMap", "Service", "ServiceAccount");

    private static final Set<String> REVIEWS = Set.of("admission.k8s.io/v1", "admission.k8s.io/v1beta1");

    private final String file;
    private final List<Manifest> manifests = new ArrayList<>();
    private final List<ManifestProblem> problems = new ArrayList<>();

    ManifestObjects(String file) {
        this.file = file;
    }

    ManifestReader.Reading reading() {
        return new ManifestReader.Reading(List.copyOf(manifests), List.copyOf(problems));
    }

    void add(ManifestTree tree) {
        if (!tree.root().isNull()) {
            add(tree.root(), tree.lines());
        }
    }

    private void add(JsonNode node, ManifestLines lines) {
        if (!node.isObject()) {
            problem(lines, "this is " + (node.isArray() ? "a list" : "plain text") + ", not a Kubernetes object");
            return;
        }
        var kind = Manifest.text(node, "kind");
        var apiVersion = Manifest.text(node, "apiVersion");
        if (kind.isEmpty() || apiVersion.isEmpty()) {
            problem(lines, unknown(kind.isEmpty(), apiVersion.isEmpty()));
        } else if (kind.equals("AdmissionReview")) {
            review(apiVersion, node, lines);
        } else if (kind.endsWith("List") && node.path("items").isArray()) {
            list((ObjectNode) node, lines);
        } else {
            object(Operation.CREATE, Optional.empty(), node, Optional.empty(), lines);
        }
    }

    private static String unknown(boolean kind, boolean apiVersion) {
        if (kind && apiVersion) {
            return "this is no Kubernetes object: it has no apiVersion and no kind (values are rendered by helm template)";
        }
        return "this is no Kubernetes object: it has no " + (kind ? "kind" : "apiVersion");
    }

    /** The items of a {@code DeploymentList} as the API server gives it do not name their kind again. */
    private void list(ObjectNode list, ManifestLines lines) {
        var items = list.get("items");
        var linesOf = lines.at("/items").entries();
        var kind = Manifest.text(list, "kind");
        for (var i = 0; i < items.size(); i++) {
            var item = items.get(i);
            var complete = !kind.equals("List") && item.isObject()
                    ? identified((ObjectNode) item, list.get("apiVersion"), kind.substring(0, kind.length() - 4))
                    : item;
            add(complete, linesOf.get(i));
        }
    }

    private static JsonNode identified(ObjectNode object, JsonNode apiVersion, String kind) {
        if (object.has("kind") && object.has("apiVersion")) {
            return object;
        }
        var copy = object.deepCopy();
        copy.putIfAbsent("kind", copy.stringNode(kind));
        copy.putIfAbsent("apiVersion", apiVersion);
        return copy;
    }

    private void review(String apiVersion, JsonNode review, ManifestLines lines) {
        var request = review.path("request");
        if (!REVIEWS.contains(apiVersion)) {
            problem(
                    lines,
                    "this AdmissionReview is of a version that is not known; known are admission.k8s.io/v1 and"
                            + " admission.k8s.io/v1beta1");
        } else if (!request.isObject()) {
            problem(lines, "this AdmissionReview has no request");
        } else if (Manifest.text(request, "uid").isEmpty()) {
            problem(lines.at("/request"), "the request of this AdmissionReview has no uid");
        } else if (Manifest.text(request, "subResource").isEmpty()) {
            request(request, lines);
        }
    }

    private void request(JsonNode request, ManifestLines lines) {
        var operation = Manifest.text(request, "operation");
        if (operation.equals("CONNECT")) {
            return;
        }
        if (!Set.of("CREATE", "UPDATE", "DELETE").contains(operation)) {
            problem(
                    lines.at("/request/operation"),
                    "the operation of this AdmissionReview is none that Kubernetes has");
            return;
        }
        var field = operation.equals("DELETE") ? "oldObject" : "object";
        if (!request.path(field).isObject()) {
            problem(lines.at("/request/" + field), "the request of this AdmissionReview has no " + field);
            return;
        }
        var before = operation.equals("UPDATE") ? request.path("oldObject") : request.path("absent");
        object(
                Operation.valueOf(operation),
                Optional.of(Manifest.text(request, "namespace")).filter(namespace -> !namespace.isEmpty()),
                ofRequest(request, field),
                before.isObject() ? Optional.of(ofRequest(request, "oldObject")) : Optional.empty(),
                lines.at("/request/" + field));
    }

    private static JsonNode ofRequest(JsonNode request, String field) {
        var kind = request.path("kind");
        var group = Manifest.text(kind, "group");
        var version = Manifest.text(kind, "version");
        var object = (ObjectNode) request.get(field);
        return identified(
                object,
                object.stringNode(group.isEmpty() ? version : group + "/" + version),
                Manifest.text(kind, "kind"));
    }

    private void object(
            Operation operation,
            Optional<String> namespace,
            JsonNode object,
            Optional<JsonNode> before,
            ManifestLines lines) {
        var manifest =
                new Manifest(file, operation, namespace, Manifest.folded(object), before.map(Manifest::folded), lines);
        if (NAMED.contains(manifest.kind()) && manifest.ref("default").name().isEmpty()) {
            problem(lines, "this " + manifest.kind() + " has no metadata.name");
        } else {
            manifests.add(manifest);
        }
    }

    private void problem(ManifestLines lines, String message) {
        problems.add(new ManifestProblem(file, lines.first(), message));
    }
}
