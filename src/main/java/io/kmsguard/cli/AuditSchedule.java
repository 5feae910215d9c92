// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.PolicyFile.AuditSettings;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * When the next round of an audit is due: after an interval, and a few seconds after something changed, but not soon after the last
 * round. Times are those of {@link System#nanoTime}. Safe for use by many threads.
 */
final class AuditSchedule {

    /** What changes together, as by one Helm upgrade, is looked at together. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private OptionalLong last = OptionalLong.empty();
    private OptionalLong changed = OptionalLong.empty();

    /** Something changed that a round would see. */
    synchronized void changed(long now) {
        if (changed.isEmpty()) {
            changed = OptionalLong.of(now);
        }
    }

    /** Whether a round is due; the first one is at once. */
    synchronized boolean isDue(Duration interval, long now) {
        if (last.isEmpty() || isPast(last, interval, now)) {
            return true;
        }
        return changed.isPresent() && isPast(changed, SETTLE, now) && isPast(last, AuditSettings.SHORTEST, now);
    }

    private static boolean isPast(OptionalLong since, Duration time, long now) {
        return now - since.orElse(now) >= time.toNanos();
    }

    /** A round begins: what changes from now on is for the next one. */
    synchronized void begin(long now) {
        last = OptionalLong.of(now);
        changed = OptionalLong.empty();
    }

    /** The next round is due at once. */
    synchronized void reset() {
        last = OptionalLong.empty();
    }
}
