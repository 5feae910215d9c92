// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Operation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes AdmissionReviews. */
final class AdmissionReviews {

    private static final Set<String> VERSIONS = Set.of("admission.k8s.io/v1", "admission.k8s.io/v1beta1");
    private static final JsonMapper JSON = new JsonMapper();

    private AdmissionReviews() {}

    /** What came of reading. */
    sealed interface Reading {
        /** It is a review. */
        record Read(AdmissionRequest request) implements Reading {}

        /**
         * It is none that could be answered.
         *
         * @param why a plain sentence
         */
        record NoReview(String why) implements Reading {}
    }

    static Reading read(byte[] body) {
        JsonNode review;
        try {
            review = ReviewTree.read(body);
        } catch (JacksonException notJson) {
            return new Reading.NoReview("The body is not JSON that can be read" + where(notJson) + ".");
        }
        var apiVersion = text(review, "apiVersion");
        if (!review.isObject() || !text(review, "kind").equals("AdmissionReview")) {
            return new Reading.NoReview("The body is no AdmissionReview: kind must be AdmissionReview.");
        }
        if (!VERSIONS.contains(apiVersion)) {
            return new Reading.NoReview(
                    "apiVersion must be admission.k8s.io/v1 or admission.k8s.io/v1beta1 to be understood here.");
        }
        var request = review.path("request");
        if (!request.isObject()) {
            return new Reading.NoReview("The AdmissionReview has no request.");
        }
        if (text(request, "uid").isEmpty()) {
            return new Reading.NoReview(
                    "The AdmissionReview's request has no uid, so no answer could be matched to it.");
        }
        return new Reading.Read(request(apiVersion, request));
    }

    private static AdmissionRequest request(String apiVersion, JsonNode request) {
        return new AdmissionRequest(
                apiVersion,
                text(request, "uid"),
                text(request.path("kind"), "kind"),
                text(request, "subResource"),
                text(request, "namespace"),
                text(request, "name"),
                operation(text(request, "operation")),
                request.path("dryRun").asBoolean(false),
                text(request.path("userInfo"), "username"),
                present(request.path("object")),
                present(request.path("oldObject")));
    }

    private static Optional<Operation> operation(String text) {
        for (var operation : Operation.values()) {
            if (operation.name().equals(text)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> present(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    private static String where(JacksonException failure) {
        var location = failure.getLocation();
        return location == null || location.getLineNr() < 0
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static String text(JsonNode parent, String field) {
        var value = parent.path(field);
        return value.isString() ? value.stringValue() : "";
    }

    /** Allowed, with warnings and a patch where there are any. */
    static byte[] allowed(AdmissionRequest request, List<String> warnings, Optional<JsonNode> patch, ObjectNode audit) {
        var response = response(request, true);
        warnings(response, warnings);
        patch.ifPresent(operations -> {
            response.put("patchType", "JSONPatch");
            response.put("patch", JSON.writeValueAsBytes(operations));
        });
        return write(request, response, audit);
    }

    /** Refused, with what {@code kubectl} and {@code helm} print. */
    static byte[] denied(AdmissionRequest request, Denial denial, List<String> warnings, ObjectNode audit) {
        var response = response(request, false);
        var status = response.putObject("status");
        status.put("status", "Failure");
        status.put("message", denial.message());
        status.put("reason", "Forbidden");
        status.put("code", 403);
        if (!denial.causes().isEmpty()) {
            var causes = status.putObject("details").putArray("causes");
            for (var cause : denial.causes()) {
                causes.addObject()
                        .put("reason", cause.rule())
                        .put("message", cause.message())
                        .put("field", cause.field());
            }
        }
        warnings(response, warnings);
        return write(request, response, audit);
    }

    /** An empty object for audit annotations. */
    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }

    private static ObjectNode response(AdmissionRequest request, boolean allowed) {
        return JSON.createObjectNode().put("uid", request.uid()).put("allowed", allowed);
    }

    private static void warnings(ObjectNode response, List<String> warnings) {
        if (!warnings.isEmpty()) {
            var array = response.putArray("warnings");
            warnings.forEach(array::add);
        }
    }

    private static byte[] write(AdmissionRequest request, ObjectNode response, ObjectNode audit) {
        if (!audit.isEmpty()) {
            response.set("auditAnnotations", audit);
        }
        var review = JSON.createObjectNode();
        review.put("apiVersion", request.apiVersion());
        review.put("kind", "AdmissionReview");
        review.set("response", response);
        return JSON.writeValueAsBytes(review);
    }
}
