// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for conditions, long enough for a loaded machine. */
final class Await {

    private static final Duration LONGEST = Duration.ofMinutes(3);

    private Await() {}

    /** Until it is so; what cannot be asked yet is not so yet. */
    static void until(Callable<Boolean> condition, Supplier<String> what) {
        var end = System.nanoTime() + LONGEST.toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception notYet) {
                last = notYet;
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        throw new AssertionError("waited in vain for " + what.get(), last);
    }
}
