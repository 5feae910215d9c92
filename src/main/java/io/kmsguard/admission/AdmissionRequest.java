// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Operation;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the guard reads of an AdmissionReview's request (Kubernetes, admission.k8s.io/v1).
 *
 * @param apiVersion the version to answer in
 * @param uid what the answer must carry
 * @param kind the object's kind, for example {@code Deployment}
 * @param subResource for example {@code scale}; empty for the object itself
 * @param namespace empty for what has none
 * @param name empty while it has still to be made from {@code generateName}
 * @param operation empty for CONNECT
 * @param user who asks, as the API server knows them; empty where it does not say
 * @param object null for DELETE
 * @param oldObject null but for UPDATE and DELETE
 */
public record AdmissionRequest(
        String apiVersion,
        String uid,
        String kind,
        String subResource,
        String namespace,
        String name,
        Optional<Operation> operation,
        boolean dryRun,
        String user,
        Optional<JsonNode> object,
        Optional<JsonNode> oldObject) {}
