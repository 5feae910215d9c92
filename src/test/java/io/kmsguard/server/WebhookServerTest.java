// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.Webhook;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

@TestInstance(Lifecycle.PER_CLASS)
class WebhookServerTest {

    private static final int LIMIT = 100_000;

    private final FakeReviews reviews = new FakeReviews();
    private RunningServer running;

    @BeforeAll
    void start() throws Exception {
        running = RunningServer.start(settings -> settings.bodyLimit(LIMIT), reviews);
        running.awaitReady();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void answers_reviews_of_both_webhooks() throws Exception {
        var validated = running.post("/validate", FakeReviews.review("a1"));
        var mutated = running.post("/mutate", FakeReviews.review("a2"));

        assertThat(validated.statusCode()).isEqualTo(200);
        assertThat(validated.body()).isEqualTo("{\"response\":{\"uid\":\"a1\",\"allowed\":true}}");
        assertThat(mutated.body()).isEqualTo("{\"response\":{\"uid\":\"a2\",\"allowed\":true}}");
        assertThat(reviews.calls).extracting(FakeReviews.Call::webhook).contains(Webhook.VALIDATE, Webhook.MUTATE);
    }

    @Test
    void sends_no_more_headers_than_needed() throws Exception {
        assertThat(running.post("/validate", FakeReviews.review("b1")).headers().map())
                .isEqualTo(Map.of("content-length", List.of("40"), "content-type", List.of("application/json")));
    }

    @Test
    void says_plainly_what_is_no_review() throws Exception {
        try (var log = new CapturedLog()) {
            assertPlain(running.post("/validate", new byte[0]), 400, "This is no AdmissionReview.");
            assertThat(log.of("refused a call"))
                    .containsExactly("status=400 reason=This is no review. path=/validate caller=127.0.0.1");
        }
    }

    @Test
    void takes_only_json() throws Exception {
        var sentence = "Send an AdmissionReview as application/json, not compressed.\n";
        try (var log = new CapturedLog()) {
            for (var type : List.of("text/plain", "application/x-www-form-urlencoded", "application/jsonx")) {
                assertPlain(
                        running.send(running.to("/validate")
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofByteArray(FakeReviews.review("c1")))),
                        415,
                        sentence);
            }
            assertPlain(running.send(running.to("/validate").POST(BodyPublishers.noBody())), 415, sentence);
            assertPlain(
                    running.send(running.to("/validate")
                            .header("Content-Type", "application/json")
                            .header("Content-Encoding", "gzip")
                            .POST(BodyPublishers.ofByteArray(FakeReviews.review("c2")))),
                    415,
                    sentence);
            assertThat(log.of("refused a call")).hasSize(5);
        }
        assertThat(running.send(running.to("/validate")
                                .header("Content-Type", "Application/JSON; charset=utf-8")
                                .POST(BodyPublishers.ofByteArray(FakeReviews.review("c3"))))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void says_plainly_that_a_path_or_method_is_wrong() throws Exception {
        try (var log = new CapturedLog()) {
            assertPlain(
                    running.post("/validate/it", FakeReviews.review("d1")),
                    404,
                    "There is nothing here. Reviews go to POST /validate and POST /mutate.\n");
            assertPlain(
                    running.send(
                            running.to("/mutate").header("Accept", "text/html").GET()),
                    405,
                    "This method is not taken here. Reviews go to POST /validate and POST /mutate.\n");
            assertPlain(
                    running.send(running.to("/mutate")
                            .header("Accept", "application/json")
                            .DELETE()),
                    405,
                    "This method is not taken here. Reviews go to POST /validate and POST /mutate.\n");
            assertPlain(
                    running.send(running.to("/healthz").GET()),
                    404,
                    "There is nothing here. Reviews go to POST /validate and POST /mutate.\n");
            assertThat(log.events()).hasSize(4);
        }
        assertThat(running.samples("controller_runtime_webhook_requests_total{code=\"404\""))
                .containsExactly("controller_runtime_webhook_requests_total{code=\"404\",webhook=\"none\"} 2.0");
    }

    @Test
    void answers_what_is_no_http_with_a_plain_sentence() throws Exception {
        for (var nonsense : List.of(
                "GET\r\n\r\n", "POST /validate HTTP/1.1\r\n\r\n", "POST /%zz HTTP/1.1\r\nHost: guard\r\n\r\n")) {
            try (var connection = new RawConnection(running.server.port(), running.trust())) {
                var response = connection.say(nonsense).hear();
                assertThat(response.status()).as(nonsense).isEqualTo(400);
                assertThat(response.body()).isEqualTo("This is no HTTP call that this server can read.\n");
                assertThat(response.headers()).doesNotContainKey("server");
            }
        }
        try (var connection = new RawConnection(running.server.port(), running.trust())) {
            var response = connection
                    .say("GET /validate HTTP/1.1\r\nHost: guard\r\nX: " + "x".repeat(20_000) + "\r\n\r\n")
                    .hear();
            assertThat(response.status()).isEqualTo(431);
            assertThat(response.body()).isEqualTo("The headers are longer than this server takes.\n");
        }
    }

    @Test
    void takes_bodies_up_to_the_limit() throws Exception {
        assertThat(running.post("/validate", FakeReviews.review("e1", LIMIT)).statusCode())
                .isEqualTo(200);
        assertThat(chunked(FakeReviews.review("e2", LIMIT)).statusCode()).isEqualTo(200);
        assertThat(reviews.calls).extracting(FakeReviews.Call::bytes).contains(LIMIT);
    }

    @Test
    void refuses_longer_bodies_in_chunks_too() throws Exception {
        var sentence = "The body is longer than the 100000 bytes that this webhook takes.\n";
        try (var log = new CapturedLog()) {
            assertPlain(running.post("/validate", FakeReviews.review("f1", LIMIT + 1)), 413, sentence);
            assertPlain(chunked(FakeReviews.review("f2", LIMIT + 1)), 413, sentence);
            assertThat(log.events()).hasSize(2);
        }
    }

    @Test
    void refuses_a_too_large_content_length_before_the_body_is_sent() throws Exception {
        try (var connection = new RawConnection(running.server.port(), running.trust())) {
            var response = connection.promise("/validate", 20_000_000).hear();
            assertThat(response.status()).isEqualTo(413);
        }
    }

    @Test
    void a_caller_that_sends_on_regardless_still_reads_the_refusal() throws Exception {
        try (var connection = new RawConnection(running.server.port(), running.trust())) {
            // More than the buffers between both hold: it can be sent only while the server reads.
            var response = connection
                    .promise("/validate", 2_000_000)
                    .say(new byte[2_000_000])
                    .hear();
            assertThat(response.status()).isEqualTo(413);
            assertThat(response.closes()).isTrue();
        }
    }

    @Test
    void a_body_that_ends_early_is_one_line_in_the_log() throws Exception {
        try (var log = new CapturedLog()) {
            try (var connection = new RawConnection(running.server.port(), running.trust())) {
                connection.promise("/validate", 500).say("{\"request\"");
            }
            Await.until(() -> !log.events().isEmpty(), () -> "a line");
            assertThat(log.of("refused a call"))
                    .containsExactly("status=400 reason=The body ended before it was complete."
                            + " path=/validate caller=127.0.0.1");
        }
        assertThat(running.post("/validate", FakeReviews.review("g1")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_body_that_does_not_come_in_time_frees_its_thread() throws Exception {
        try (var connection = new RawConnection(running.server.port(), running.trust())) {
            var response =
                    connection.promise("/validate?timeout=100ms", 500).say("{").hear();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.body()).isEqualTo("The body did not arrive in the time that a review has.\n");
        }
    }

    @Test
    void the_deadline_is_the_callers_timeout_less_the_margin() throws Exception {
        assertThat(running.post("/validate?timeout=10s", FakeReviews.review("h1"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(running.post("/validate?timeout=soon", FakeReviews.review("h2", 2_000))
                        .statusCode())
                .isEqualTo(200);
        assertThat(reviews.calls)
                .filteredOn(call -> call.time().compareTo(Duration.ofSeconds(5)) > 0)
                .singleElement()
                .satisfies(call -> assertThat(call.time()).isBetween(Duration.ofSeconds(5), Duration.ofMillis(9_500)));
        assertThat(reviews.calls)
                .filteredOn(call -> call.bytes() == 2_000)
                .singleElement()
                .satisfies(call -> assertThat(call.time()).isLessThanOrEqualTo(Duration.ofMillis(4_500)));
    }

    private HttpResponse<String> chunked(byte[] body) throws Exception {
        return running.send(running.to("/validate")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
    }

    private static void assertPlain(HttpResponse<String> response, int status, String sentence) {
        assertThat(response.body()).isEqualTo(sentence);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain;charset=utf-8");
        assertThat(response.headers().firstValue("server")).isEmpty();
    }
}
