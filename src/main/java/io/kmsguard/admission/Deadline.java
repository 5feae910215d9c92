// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.time.Duration;

/** The moment by which a review must be answered; after it nothing more is looked up. */
public final class Deadline {

    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A deadline that far from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** For what has no review to answer: there is no I/O to wait for, or each question has a limit of its own. */
    public static Deadline none() {
        return in(Duration.ofDays(1));
    }

    /** What is left; zero when it has passed, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    public boolean hasPassed() {
        return nanoTime - System.nanoTime() <= 0;
    }
}
