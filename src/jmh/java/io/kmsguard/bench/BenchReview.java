// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.bench;

import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** AdmissionReviews as an API server sends them. */
final class BenchReview {

    static final JsonMapper JSON = new JsonMapper();

    private BenchReview() {}

    /** The bytes of one review of one variant; an UPDATE holds the object twice. */
    static byte[] of(String operation, Guarded object, int variant) {
        var review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        var request = review.putObject("request");
        request.put("uid", String.format(Locale.ROOT, "00000000-0000-4000-8000-%012d", variant));
        put(request.putObject("kind"), "kind", "Deployment");
        put(request.putObject("resource"), "resource", "deployments");
        request.put("name", object.objectName())
                .put("namespace", BenchWorld.NAMESPACE)
                .put("operation", operation);
        request.putObject("userInfo").put("username", "operator@example.com");
        request.set("object", object.deployment(variant));
        if (operation.equals("UPDATE")) {
            var before = object.deployment(variant);
            ((ObjectNode) before.path("spec")).put("replicas", 0);
            request.set("oldObject", before);
        }
        return JSON.writeValueAsBytes(review);
    }

    private static void put(ObjectNode type, String field, String value) {
        type.put("group", "apps").put("version", "v1").put(field, value);
    }
}
