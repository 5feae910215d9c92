// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.nio.charset.StandardCharsets;

/**
 * Why a call is not answered by a review.
 *
 * @param status the HTTP status
 * @param sentence what the caller reads; quotes nothing that it sent
 */
record Refusal(int status, String sentence) {

    static final Refusal NO_JSON = new Refusal(415, "Send an AdmissionReview as application/json, not compressed.");
    static final Refusal LENGTH_UNREADABLE = new Refusal(400, "The Content-Length is no number.");
    static final Refusal BODY_INCOMPLETE = new Refusal(400, "The body ended before it was complete.");
    static final Refusal BODY_LATE = new Refusal(408, "The body did not arrive in the time that a review has.");
    static final Refusal BODY_SLOW =
            new Refusal(408, "The body arrived so slowly that others took its room. Try again.");
    static final Refusal MANY_LARGE =
            new Refusal(503, "No room for this call: others of more than a megabyte are being judged. Try again.");
    static final Refusal BUSY =
            new Refusal(503, "No room for this call: too many wait already, or the server is ending. Try again.");
    static final Refusal BUG =
            new Refusal(500, "The guard failed on this review, which is a bug in it; its log says where.");

    static Refusal tooLong(int limit) {
        return new Refusal(413, "The body is longer than the %d bytes that this webhook takes.".formatted(limit));
    }

    /** The sentence as it is sent: a line. */
    byte[] line() {
        return (sentence + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What is said of a status that comes from the HTTP layer itself. */
    static Refusal of(int status) {
        return switch (status) {
            case 404 -> new Refusal(404, "There is nothing here. Reviews go to POST /validate and POST /mutate.");
            case 405 ->
                new Refusal(405, "This method is not taken here. Reviews go to POST /validate and POST /mutate.");
            case 431 -> new Refusal(431, "The headers are longer than this server takes.");
            case 503 -> BUSY;
            default ->
                status < 500
                        ? new Refusal(status, "This is no HTTP call that this server can read.")
                        : new Refusal(
                                status, "The guard failed on this call, which is a bug in it; its log says where.");
        };
    }
}
