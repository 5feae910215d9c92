// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cluster.Leadership;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread for what only the leader does: goes a round when something changed, when time may have brought something, and after
 * trouble sooner at first and then less often.
 */
final class LeaderRounds implements Leadership.Work, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderRounds.class);

    private static final Duration CLOCK = Duration.ofSeconds(30);

    /** Between two rounds, so that a quarrel with somebody who writes the same fields is no storm. */
    private static final Duration GAP = Duration.ofMillis(200);

    private final BooleanSupplier settle;
    private final BooleanSupplier leading;
    private final Semaphore wake = new Semaphore(0);
    private final String what;
    private final Thread thread;

    private volatile boolean closed;

    /**
     * @param what is looked after, for logs and dumps
     * @param settle goes one round, and says whether nothing is left to do for now
     */
    LeaderRounds(String what, BooleanSupplier settle, BooleanSupplier leading) {
        this.what = what;
        this.settle = settle;
        this.leading = leading;
        this.thread = new Thread(this::rounds, "kms-guard-" + what);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Something changed. */
    void wake() {
        wake.release();
    }

    @Override
    public void begin() {
        wake();
    }

    /** A round that runs looks before each write whether it still may. */
    @Override
    public void end() {
        wake();
    }

    private void rounds() {
        var wait = CLOCK;
        var failures = 0;
        try {
            while (!closed) {
                var unused = wake.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
                failures = leading.getAsBoolean() && !settled() ? failures + 1 : 0;
                wait = failures == 0 ? CLOCK : afterTrouble(failures);
                Thread.sleep(GAP.toMillis());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** 1 s, 2 s, 4 s and so on, but no longer than without trouble. */
    private static Duration afterTrouble(int failures) {
        return failures > 5 ? CLOCK : Duration.ofSeconds(1L << (failures - 1));
    }

    private boolean settled() {
        try {
            return settle.getAsBoolean();
        } catch (RuntimeException | Error bug) {
            // Thrown on, it would end the rounds, and a certificate in its time.
            LOG.atError().setCause(bug).addKeyValue("what", what).log("looking after it failed and goes on");
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
