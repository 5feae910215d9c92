// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.kmsguard.admission.GoDuration;
import java.time.Duration;
import java.util.Optional;

/**
 * The time that a review may take: the caller's timeout less a margin. kube-apiserver appends its own as {@code
 * ?timeout=10s}; after it the answer is of no use, and the caller's failurePolicy speaks instead of the guard.
 */
final class ReviewTime {

    private final Duration defaultTimeout;
    private final Duration margin;

    ReviewTime(Duration defaultTimeout, Duration margin) {
        this.defaultTimeout = defaultTimeout;
        this.margin = margin;
    }

    /** The time from the call's arrival on. What is no duration, is not above zero or is missing counts as the default. */
    Duration of(Optional<String> timeout) {
        var told = timeout.flatMap(GoDuration::parse)
                .filter(duration -> duration.compareTo(Duration.ZERO) > 0)
                .orElse(defaultTimeout);
        var whole = min(told, SettingsCheck.LONGEST_TIMEOUT);
        return whole.minus(min(margin, whole.dividedBy(5)));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
