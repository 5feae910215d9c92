// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What all reads of a process may hold at a time of large objects. A large object is a tree of many times its size for the moment
 * in which it is reduced; several at once would fill a small heap, so they take turns. Safe for use by many threads.
 */
final class ReadBudget {

    /** From so many bytes on an object counts; the small ones together are bounded by the number of threads. */
    static final int LARGE = 64 << 10;

    /** How many bytes of memory a tree takes for each byte of its JSON, at most: a map of short texts. */
    private static final int TREE = 8;

    private static final int KIB = 10;

    /** A quarter of the heap, and enough for the largest object that etcd takes by default. */
    private static final ReadBudget OF_PROCESS =
            new ReadBudget(Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 4));

    private final int most;
    private final Semaphore free;

    /** Of so many bytes. */
    ReadBudget(long bytes) {
        this.most = (int) Math.min(Integer.MAX_VALUE, bytes >> KIB);
        this.free = new Semaphore(most, true);
    }

    /** That of this process. */
    static ReadBudget ofProcess() {
        return OF_PROCESS;
    }

    /** Room for one object; to be closed when nothing is left of it but what it was reduced to. */
    interface Room extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Waits for room for an object's tree.
     *
     * @param length of its JSON
     * @throws ReceivedBody.NoRoom where there is none before the deadline
     */
    Room room(int length, Deadline deadline) throws ReceivedBody.NoRoom {
        if (length < LARGE) {
            return () -> {};
        }
        // What is larger than all of it has to itself what there is.
        var wanted = (int) Math.min(most, ((long) length * TREE) >> KIB);
        try {
            if (!free.tryAcquire(wanted, deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new ReceivedBody.NoRoom();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new ReceivedBody.NoRoom();
        }
        return () -> free.release(wanted);
    }
}
