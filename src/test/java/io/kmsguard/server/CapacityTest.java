// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.ReviewService;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CapacityTest {

    private static final String BUSY =
            "No room for this call: too many wait already, or the server is ending. Try again.";

    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Holds every review that is not the server's own until it may go on. */
    private final Semaphore goOn = new Semaphore(0);

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final ReviewService held = (webhook, body, deadline) -> {
        if (new String(body, StandardCharsets.UTF_8).contains("\"uid\":\"held\"")) {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            goOn.acquireUninterruptibly();
            running.decrementAndGet();
        }
        return new FakeReviews().answer(webhook, body, deadline);
    };

    @AfterEach
    void end() {
        goOn.release(1_000_000);
        threads.shutdownNow();
    }

    @Test
    void runs_some_lets_some_wait_and_refuses_the_rest() throws Exception {
        try (var server = RunningServer.start(
                        settings -> settings.threads(8).concurrentReviews(2).waitingReviews(3), held);
                var log = new CapturedLog()) {
            server.awaitReady();
            var calls = new ArrayList<Future<HttpResponse<String>>>();
            for (var call = 0; call < 5; call++) {
                calls.add(threads.submit(() -> server.post("/validate", FakeReviews.review("held"))));
            }
            Await.until(() -> running.get() == 2, () -> "two that run");
            // The others may still be on their way. Whichever comes last has no room, so a sixth is sent with them.
            calls.add(threads.submit(() -> server.post("/validate", FakeReviews.review("held"))));
            Await.until(() -> calls.stream().anyMatch(Future::isDone), () -> "a refusal");

            goOn.release(1_000);
            var statuses = new ArrayList<Integer>();
            for (var call : calls) {
                statuses.add(call.get().statusCode());
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 200, 200, 200, 200, 503);
            assertThat(most).hasValue(2);
            assertThat(log.of("refused a call"))
                    .containsExactly("status=503 reason=%s path=/validate caller=127.0.0.1".formatted(BUSY));
        }
    }

    @Test
    void five_hundred_connections_at_once_are_all_answered() throws Exception {
        try (var server = RunningServer.start(new FakeReviews())) {
            server.awaitReady();
            var open = new CountDownLatch(500);
            var answers = new ArrayList<Future<Integer>>();
            for (var caller = 0; caller < 500; caller++) {
                answers.add(threads.submit(() -> askOnceAllAreOpen(server, open)));
            }
            for (var answer : answers) {
                assertThat(answer.get()).isEqualTo(600);
            }
        }
    }

    /** The sum of the statuses of three reviews. */
    private static int askOnceAllAreOpen(RunningServer server, CountDownLatch open) throws Exception {
        try (var connection = new RawConnection(server.server.port(), server.trust())) {
            open.countDown();
            open.await();
            var sum = 0;
            for (var review = 0; review < 3; review++) {
                sum += connection.review("/validate", FakeReviews.review("a1")).status();
            }
            return sum;
        }
    }

    @Test
    void connections_that_are_silent_keep_nobody_out() throws Exception {
        try (var server =
                RunningServer.start(settings -> settings.threads(8).concurrentReviews(4), new FakeReviews())) {
            server.awaitReady();
            var silent = new ArrayList<RawConnection>();
            try {
                for (var connection = 0; connection < 50; connection++) {
                    silent.add(new RawConnection(server.server.port(), server.trust()));
                }
                assertThat(server.post("/validate", FakeReviews.review("a1")).statusCode())
                        .isEqualTo(200);
            } finally {
                for (var connection : silent) {
                    connection.close();
                }
            }
        }
    }

    @Test
    void only_so_many_large_bodies_are_held_at_once() throws Exception {
        try (var server = RunningServer.start(held)) {
            server.awaitReady();
            var large = FakeReviews.review("held", BodyRoom.LARGE);
            var calls = new ArrayList<Future<HttpResponse<String>>>();
            for (var call = 0; call < BodyRoom.LARGE_ONES; call++) {
                calls.add(threads.submit(() -> server.post("/validate", large)));
            }
            Await.until(() -> running.get() == BodyRoom.LARGE_ONES, () -> "large ones that run");

            var another = server.post("/validate", FakeReviews.review("a1", BodyRoom.LARGE));
            assertThat(another.statusCode()).isEqualTo(503);
            assertThat(another.body())
                    .isEqualTo("No room for this call: others of more than a megabyte are being judged. Try again.\n");
            assertThat(server.post("/validate", FakeReviews.review("a2", BodyRoom.LARGE - 1))
                            .statusCode())
                    .isEqualTo(200);

            goOn.release(1_000);
            for (var call : calls) {
                assertThat(call.get().statusCode()).isEqualTo(200);
            }
            assertThat(server.post("/validate", large).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_bug_of_the_judge_is_told_once_and_the_server_goes_on() throws Exception {
        var secret = "the body's secret";
        ReviewService failing = (webhook, body, deadline) -> {
            var text = new String(body, StandardCharsets.UTF_8);
            if (text.contains("deep")) {
                throw new StackOverflowError(secret);
            }
            if (text.contains("bug")) {
                throw new IllegalStateException(secret);
            }
            return new FakeReviews().answer(webhook, body, deadline);
        };
        try (var server = RunningServer.start(failing);
                var log = new CapturedLog()) {
            for (var uid : List.of("bug", "deep")) {
                var response = server.post("/mutate", FakeReviews.review(uid));
                assertThat(response.statusCode()).isEqualTo(500);
                assertThat(response.body())
                        .isEqualTo("The guard failed on this review, which is a bug in it; its log says where.\n");
            }
            assertThat(log.of("a review ended in a bug")).containsExactly("webhook=/mutate", "webhook=/mutate");
            assertThat(server.post("/mutate", FakeReviews.review("a1")).statusCode())
                    .isEqualTo(200);
            assertThat(server.samples("controller_runtime_webhook_requests_total{code=\"500\""))
                    .containsExactly("controller_runtime_webhook_requests_total{code=\"500\",webhook=\"/mutate\"} 2.0");
        }
    }

    @Test
    void a_caller_that_goes_away_before_a_long_answer_is_no_bug() throws Exception {
        ReviewService lengthy = (webhook, body, deadline) -> {
            held.answer(webhook, body, deadline);
            return ReviewService.Answer.review(new byte[16 * 1024 * 1024]);
        };
        try (var log = new CapturedLog()) {
            // Its end waits for the reviews that run.
            try (var server = RunningServer.start(lengthy)) {
                try (var caller = new RawConnection(server.server.port(), server.trust())) {
                    var review = FakeReviews.review("held");
                    caller.promise("/validate", review.length).say(review);
                    Await.until(() -> running.get() == 1, () -> "the review");
                }
                goOn.release();
            }

            assertThat(log.of("a call ended in a bug")).isEmpty();
            assertThat(running).hasValue(0);
        }
    }
}
