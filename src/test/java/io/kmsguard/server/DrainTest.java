// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.ReviewService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainTest {

    private static final int CALLERS = 8;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    /** Callers keep connections and open new ones only to servers that are ready, as Endpoints make them. */
    @Test
    void a_drain_under_load_moves_every_caller_and_loses_no_review() throws Exception {
        try (var drained =
                        RunningServer.start(settings -> settings.drainDelay(Duration.ofSeconds(1)), new FakeReviews());
                var other = RunningServer.start(new FakeReviews())) {
            drained.awaitReady();
            other.awaitReady();
            var end = new AtomicBoolean();
            var toDrained = new AtomicInteger();
            var toOther = new AtomicInteger();
            var toldToClose = new AtomicInteger();
            var calls = new ArrayList<Future<?>>();
            for (var caller = 0; caller < CALLERS; caller++) {
                calls.add(threads.submit(() -> {
                    while (!end.get()) {
                        var ready = drained.readiness.isReady();
                        var target = ready ? drained : other;
                        if (converse(target, ready ? toDrained : toOther, end)) {
                            toldToClose.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            Await.until(() -> toDrained.get() > 200, () -> "load");

            drained.server.drain();

            var after = toOther.get();
            Await.until(() -> toOther.get() > after + 200 || calls.stream().anyMatch(Future::isDone), () -> "load");
            end.set(true);
            for (var call : calls) {
                call.get();
            }
            assertThat(toldToClose).hasValue(CALLERS);
        }
    }

    /** Throws at the first review that fails. */
    private static boolean converse(RunningServer target, AtomicInteger answered, AtomicBoolean end)
            throws IOException {
        try (var connection = new RawConnection(target.server.port(), target.trust())) {
            while (!end.get()) {
                var response = connection.review("/validate", FakeReviews.review("a1"));
                assertThat(response.status()).isEqualTo(200);
                answered.incrementAndGet();
                if (response.closes()) {
                    return true;
                }
            }
            return false;
        }
    }

    @Test
    void new_connections_are_served_until_the_delay_is_over() throws Exception {
        try (var running =
                RunningServer.start(settings -> settings.drainDelay(Duration.ofMinutes(5)), new FakeReviews())) {
            running.awaitReady();
            var drain = threads.submit(running.server::drain);
            Await.until(() -> !running.readiness.isReady(), () -> "not ready");

            assertThat(running.readiness.states().get("serving")).isEqualTo(Readiness.State.not("draining"));
            assertThat(running.ops("/readyz").statusCode()).isEqualTo(503);
            assertThat(running.ops("/healthz").statusCode()).isEqualTo(200);
            Await.until(() -> answersAndCloses(running), () -> "Connection: close");
            assertThat(drain.isDone()).isFalse();

            // Whoever cannot wait ends the delay.
            running.server.close();
            drain.get();
        }
    }

    private static boolean answersAndCloses(RunningServer running) {
        try (var connection = new RawConnection(running.server.port(), running.trust())) {
            var response = connection.review("/validate", FakeReviews.review("b1"));
            assertThat(response.status()).isEqualTo(200);
            return response.closes() && connection.isEnded();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void a_review_that_runs_when_the_delay_is_over_is_answered() throws Exception {
        var started = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        ReviewService slow = (webhook, body, deadline) -> {
            if (new String(body, StandardCharsets.UTF_8).contains("\"uid\":\"c1\"")) {
                started.countDown();
                await(goOn);
            }
            return new FakeReviews().answer(webhook, body, deadline);
        };
        try (var running = RunningServer.start(settings -> settings.stopTimeout(Duration.ofSeconds(30)), slow)) {
            running.awaitReady();
            var answer = threads.submit(() -> running.post("/validate", FakeReviews.review("c1")));
            started.await();
            var drain = threads.submit(running.server::drain);
            Await.until(() -> refusesConnections(running), () -> "a closed port");
            assertThat(answer.isDone()).isFalse();

            goOn.countDown();

            assertThat(answer.get().statusCode()).isEqualTo(200);
            drain.get();
        }
    }

    private static boolean refusesConnections(RunningServer running) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), running.server.port())) {
            return !socket.isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void closing_twice_is_closing_once() throws Exception {
        var running = RunningServer.start(new FakeReviews());
        running.server.close();
        running.server.close();
        running.server.drain();
        running.close();
    }
}
