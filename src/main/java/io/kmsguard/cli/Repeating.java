// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that does something again and again until it is closed. */
final class Repeating implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Repeating.class);

    private final String name;
    private final ScheduledExecutorService thread;

    /** @param name of the thread, for logs and dumps */
    Repeating(String name) {
        this.name = name;
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            var daemon = new Thread(work, name);
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /** Does it now and after each interval; what it throws would end that for good and in silence, and is logged. */
    void every(Duration interval, Runnable task, Runnable onBug) {
        Runnable safely = () -> {
            try {
                task.run();
            } catch (RuntimeException bug) {
                LOG.atError().setCause(bug).addKeyValue("thread", name).log("looking again failed");
                onBug.run();
            }
        };
        var unused = thread.scheduleWithFixedDelay(safely, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
