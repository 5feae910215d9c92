// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.concurrent.CountDownLatch;

/**
 * SIGTERM and SIGINT as something to wait for. The JVM ends with its shutdown hooks, so the hook waits until what was running
 * has ended, and then ends the process itself: an orderly stop is no failure, and the JVM would report the signal.
 */
final class Stop implements AutoCloseable {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop");

    Stop() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Returns when the process was told to end, or this thread was interrupted, which says the same. */
    void await() {
        try {
            asked.await();
        } catch (InterruptedException told) {
            asked.countDown();
        }
    }

    private void stop() {
        asked.countDown();
        try {
            ended.await();
            Main.stopped();
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything has ended. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            asked.countDown();
        }
    }
}
