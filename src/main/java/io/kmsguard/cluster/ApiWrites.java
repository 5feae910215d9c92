// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Writes of one round to one API server, one after another. It counts what came of them, and ends after some that failed: what is
 * refused for one object is mostly refused for all.
 */
final class ApiWrites {

    /** After so many failures nothing more is tried in this round. */
    private static final int MOST_FAILURES = 5;

    private final ClusterClient cluster;
    private final BooleanSupplier mayWrite;
    private int done;
    private int failures;
    private String trouble = "";

    /** @param mayWrite asked before each write */
    ApiWrites(ClusterClient cluster, BooleanSupplier mayWrite) {
        this.cluster = cluster;
        this.mayWrite = mayWrite;
    }

    /** What came of one write. */
    enum Result {
        DONE,
        /** It, or what it belongs to, is there already, was changed or is gone: nothing to worry about. */
        OVERTAKEN,
        FAILED,
        /** Not tried. */
        LEFT
    }

    /**
     * Sends one object.
     *
     * @param path without a slash before it, and without a query
     * @param doing a verb with its object, for messages
     */
    Result send(String method, String path, JsonNode body, String doing) {
        return attempt(
                () -> cluster.client()
                        .raw("/" + path + "?fieldManager=" + ClusterClient.FIELD_MANAGER, method, body.toString()),
                doing);
    }

    /** Does one write that may end in an exception of the client's. */
    Result attempt(Runnable write, String doing) {
        if (failures >= MOST_FAILURES || !mayWrite.getAsBoolean()) {
            return Result.LEFT;
        }
        try {
            write.run();
            done++;
            return Result.DONE;
        } catch (KubernetesClientException failure) {
            if (isOvertaken(failure)) {
                return Result.OVERTAKEN;
            }
            failures++;
            trouble = trouble.isEmpty() ? ApiTrouble.of(failure, doing) : trouble;
            return Result.FAILED;
        }
    }

    private static boolean isOvertaken(KubernetesClientException failure) {
        return failure.getCode() == ApiTrouble.CONFLICT
                || failure.getCode() == ApiTrouble.NOT_FOUND
                || (failure.getCode() == ApiTrouble.FORBIDDEN && isTerminating(failure.getStatus()));
    }

    /** Kubernetes answers 403, too, where a namespace is on its way out. */
    private static boolean isTerminating(@Nullable Status status) {
        return Optional.ofNullable(status)
                .map(Status::getDetails)
                .map(StatusDetails::getCauses)
                .orElse(List.of())
                .stream()
                .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    /** How many were done. */
    int done() {
        return done;
    }

    /** How many failed. */
    int failures() {
        return failures;
    }

    /** The first failure, a clause; empty where there is none. */
    String trouble() {
        return trouble;
    }
}
