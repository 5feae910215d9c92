// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One list at a time. Those that ask while it is read share the next one, which begins after they asked: so each sees all that was
 * there when it asked, and many reviews at once cost the API server no more than two lists. Safe for use by many threads.
 *
 * @param <T> what is listed
 */
final class SharedList<T> {

    private final Function<Deadline, Lookup<List<T>>> list;
    private final ReentrantLock turn = new ReentrantLock(true);

    private record Listed<T>(long began, Lookup<List<T>> items) {}

    /** The last list, as long as somebody waits who can use it; guarded by {@link #turn}. */
    private @Nullable Listed<T> last;

    SharedList(Function<Deadline, Lookup<List<T>>> list) {
        this.list = list;
    }

    /** All there is; unknown where it could not be listed in time. */
    Lookup<List<T>> get(Deadline deadline) {
        var asked = System.nanoTime();
        try {
            if (!turn.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                return Lookup.unknown(
                        "the workloads of the cluster are being listed, and the deadline of this review came first");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return Lookup.unknown("the guard is being stopped");
        }
        try {
            var listed = last;
            if (listed == null || listed.began() - asked < 0) {
                var began = System.nanoTime();
                listed = new Listed<>(began, list.apply(deadline));
            }
            // One that ran out of its own time tells nothing to those that have more of it.
            last = turn.hasQueuedThreads() && listed.items() instanceof Lookup.Found ? listed : null;
            return listed.items();
        } finally {
            turn.unlock();
        }
    }

    /** How many wait for their turn. */
    int waiting() {
        return turn.getQueueLength();
    }
}
