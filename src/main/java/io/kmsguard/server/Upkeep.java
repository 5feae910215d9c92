// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The one thread beside the ports: it looks for another certificate, and makes the self-review until one succeeds. */
final class Upkeep {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final CertificateInUse certificate;
    private final SelfReview selfReview;
    private final ScheduledExecutorService thread;

    private volatile Readiness.State reviewed = Readiness.State.not("not made yet");
    private boolean due = true;

    Upkeep(CertificateInUse certificate, SelfReview selfReview) {
        this.certificate = certificate;
        this.selfReview = selfReview;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            var daemon = new Thread(task, "kms-guard-upkeep");
            daemon.setDaemon(true);
            return daemon;
        });
    }

    void start(Duration reloadInterval) {
        var interval = reloadInterval.toMillis();
        every(RETRY.toMillis(), 0, this::reviewWhereDue);
        every(interval, interval, this::refresh);
    }

    /** A task that threw would never be run again, so nothing is let through. */
    private void every(long milliseconds, long first, Runnable task) {
        var unused = thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | Error bug) {
                        LOG.atError().setCause(bug).log("upkeep failed and goes on");
                    }
                },
                first,
                milliseconds,
                TimeUnit.MILLISECONDS);
    }

    private void refresh() {
        due |= certificate.refresh();
        reviewWhereDue();
    }

    private void reviewWhereDue() {
        if (!due) {
            return;
        }
        var state = selfReview.run();
        // At the end the port refuses it, which is no trouble.
        if (!state.equals(reviewed) && !thread.isShutdown()) {
            LOG.atLevel(state.ready() ? Level.INFO : Level.WARN)
                    .addKeyValue("detail", state.detail())
                    .log(state.ready() ? "the self-review succeeded" : "the self-review failed");
        }
        due = !state.ready();
        reviewed = state;
    }

    /** Holds once a self-review succeeded, and again after each change of the certificate. */
    Readiness.State reviewed() {
        return reviewed;
    }

    void stop() {
        thread.shutdownNow();
    }
}
