// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.nio.charset.StandardCharsets;

/** Bytes of an AdmissionReview in, bytes of an AdmissionReview out. Safe for use by many threads. */
@FunctionalInterface
public interface ReviewService {

    /**
     * Answers one call of the API server. Never throws for what a caller can send.
     *
     * @param deadline by when the answer must be there; what could not be looked up until then is named in it
     */
    Answer answer(Webhook webhook, byte[] body, Deadline deadline);

    /** What goes back over HTTP: 200 with an AdmissionReview as JSON, or 400 with a plain sentence. */
    final class Answer {
        private final int status;
        private final byte[] body;

        private Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        /** An answered review. The array is not copied; the caller must not change it. */
        public static Answer review(byte[] json) {
            return new Answer(200, json);
        }

        /** A call that is no review. */
        public static Answer noReview(String sentence) {
            return new Answer(400, sentence.getBytes(StandardCharsets.UTF_8));
        }

        public int status() {
            return status;
        }

        /** The bytes to send, not copied. */
        public byte[] body() {
            return body;
        }
    }
}
