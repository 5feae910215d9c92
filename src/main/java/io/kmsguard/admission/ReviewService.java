// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

/** Bytes of an AdmissionReview in, bytes of an AdmissionReview out. Safe for use by many threads. */
@FunctionalInterface
public interface ReviewService {

    /**
     * Answers one call of the API server. Never throws for what a caller can send.
     *
     * @param deadline by when the answer must be there; what could not be looked up until then is named in it
     */
    Answer answer(Webhook webhook, byte[] body, Deadline deadline);

    /**
     * What goes back over HTTP.
     *
     * @param status 200 with an AdmissionReview as JSON in the body, or 400 with a plain sentence
     */
    record Answer(int status, byte[] body) {}
}
