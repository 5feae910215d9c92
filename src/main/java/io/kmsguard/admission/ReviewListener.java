// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.time.Duration;

/** Is told of each answered review: for the log and the metrics. Must return at once and not throw. */
@FunctionalInterface
public interface ReviewListener {

    /** Tells nobody. */
    ReviewListener NONE = (webhook, request, verdict, took) -> {};

    /**
     * A review was answered.
     *
     * @param took from the last byte of the request to the first of the answer
     */
    void reviewed(Webhook webhook, AdmissionRequest request, Verdict verdict, Duration took);
}
