// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;

/** What went wrong with a request, in a clause. The API server's own words are left out: they may quote what was sent. */
final class ApiTrouble {

    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;

    private static final int REDIRECTION = 3;

    private ApiTrouble() {}

    /**
     * Says it.
     *
     * @param doing a verb with its object, such as {@code patch Secret kms/guard-certificates}
     */
    static String of(Throwable failure, String doing) {
        // The client's own number for "no answer" is negative.
        var code = failure instanceof KubernetesClientException answered ? Math.max(0, answered.getCode()) : 0;
        return switch (code) {
            case FORBIDDEN -> "the guard's account lacks the right to " + doing + " (403)";
            case NOT_FOUND -> "cannot " + doing + ": it is not there (404)";
            case CONFLICT -> "cannot " + doing + ": it was changed meanwhile (409)";
            case 0 -> "cannot " + doing + ": " + connection(failure);
            default -> "cannot " + doing + ": " + answered(code);
        };
    }

    /** Of a status that says no more by itself, in a clause. */
    static String answered(int code) {
        return code / 100 == REDIRECTION
                ? "the API server redirects to another address (" + code + "), and the guard follows no redirect"
                : "the API server answered " + code;
    }

    private static String connection(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return "the API server refuses connections";
            }
            if (cause instanceof TimeoutException) {
                return "the API server did not answer in time";
            }
        }
        return "the API server could not be asked";
    }
}
