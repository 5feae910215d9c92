// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kmsguard.admission.ReviewService;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OpsPortTest {

    @Test
    void is_ready_once_every_condition_holds() throws Exception {
        try (var running = RunningServer.start(new FakeReviews())) {
            running.awaitReady();
            assertThat(running.ops("/readyz").statusCode()).isEqualTo(200);
            assertThat(running.ops("/readyz").body())
                    .isEqualTo("[+]certificate ok\n[+]self-review ok\n[+]serving ok\nreadyz check passed\n");

            running.readiness.require("world", () -> Readiness.State.not("the first list is not done"));
            running.readiness.require("policy", () -> Readiness.State.ok("the last good one, for the new one is none"));
            running.readiness.require("broken", () -> {
                throw new IllegalStateException("made up");
            });
            assertThat(running.ops("/readyz").statusCode()).isEqualTo(503);
            assertThat(running.ops("/readyz").body()).isEqualTo("""
                            [-]broken not ready: could not be told; see the log
                            [+]certificate ok
                            [+]policy ok: the last good one, for the new one is none
                            [+]self-review ok
                            [+]serving ok
                            [-]world not ready: the first list is not done
                            readyz check failed
                            """);
            assertThat(running.ops("/healthz").body()).isEqualTo("ok\n");
            assertThat(running.ops("/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void is_ready_only_when_the_own_judge_answers() throws Exception {
        var answer = new AtomicReference<String>("{\"response\":{\"uid\":\"another\"}}");
        try (var running = RunningServer.start((webhook, body, deadline) -> ReviewService.Answer.review(
                Optional.ofNullable(answer.get()).orElse("").getBytes(StandardCharsets.UTF_8)))) {
            Await.until(
                    () -> Readiness.State.not("/validate answered another review than it was asked")
                            .equals(running.readiness.states().get("self-review")),
                    () -> "a failed self-review");
            assertThat(running.readiness.isReady()).isFalse();
        }
    }

    @Test
    void is_not_ready_with_a_certificate_for_other_names() throws Exception {
        try (var running = RunningServer.start(settings -> settings.serverName("guard.kms.svc"), new FakeReviews())) {
            Await.until(
                    () -> Readiness.State.not("the certificate is not for guard.kms.svc, by which the API server calls,"
                                    + " but for [localhost, 127.0.0.1, 0:0:0:0:0:0:0:1]")
                            .equals(running.readiness.states().get("self-review")),
                    () -> "a failed self-review");
        }
    }

    @Test
    void tells_the_metrics_in_the_names_of_the_field() throws Exception {
        try (var running = RunningServer.start(new FakeReviews())) {
            running.awaitReady();
            running.post("/validate", FakeReviews.review("a1"));

            assertThat(running.ops("/metrics").headers().firstValue("content-type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
            // One of them is the self-review.
            assertThat(running.samples("controller_runtime_webhook_requests_total"))
                    .containsExactly(
                            "controller_runtime_webhook_requests_total{code=\"200\",webhook=\"/mutate\"} 1.0",
                            "controller_runtime_webhook_requests_total{code=\"200\",webhook=\"/validate\"} 2.0");
            assertThat(running.samples("controller_runtime_webhook_requests_in_flight"))
                    .containsExactly(
                            "controller_runtime_webhook_requests_in_flight{webhook=\"/mutate\"} 0.0",
                            "controller_runtime_webhook_requests_in_flight{webhook=\"/validate\"} 0.0");
            assertThat(running.samples("controller_runtime_webhook_latency_seconds_bucket{webhook=\"/validate\""))
                    .hasSize(15)
                    .first()
                    .asString()
                    .startsWith(
                            "controller_runtime_webhook_latency_seconds_bucket{webhook=\"/validate\",le=\"5.0E-4\"} ");
            assertThat(running.samples("controller_runtime_webhook_latency_seconds_count{webhook=\"/validate\""))
                    .containsExactly("controller_runtime_webhook_latency_seconds_count{webhook=\"/validate\"} 2");
            assertThat(running.samples("kms_guard_certificate_expiry_seconds ")).hasSize(1);
            assertThat(running.samples("jvm_memory_used_bytes")).isNotEmpty();
            assertThat(running.samples("process_uptime_seconds ")).hasSize(1);
        }
    }

    @Test
    void tells_what_was_decided_and_injected_and_whether_it_is_ready() throws Exception {
        try (var running = RunningServer.start(new FakeReviews())) {
            running.awaitReady();
            running.metrics.decision("kms-migration", "deny");
            running.metrics.decision("kms-migration", "deny");
            running.metrics.injection();
            running.metrics.unknownFact();

            assertThat(running.samples("kms_guard_ready"))
                    .containsExactly(
                            "kms_guard_ready{condition=\"certificate\"} 1.0",
                            "kms_guard_ready{condition=\"self-review\"} 1.0",
                            "kms_guard_ready{condition=\"serving\"} 1.0");
            assertThat(running.samples("kms_guard_decisions_total"))
                    .filteredOn(sample -> !sample.endsWith(" 0.0"))
                    .containsExactly("kms_guard_decisions_total{action=\"deny\",rule=\"kms-migration\"} 2.0");
            assertThat(running.samples("kms_guard_injections_total")).containsExactly("kms_guard_injections_total 1.0");
            assertThat(running.samples("kms_guard_unknown_facts_total"))
                    .containsExactly("kms_guard_unknown_facts_total 1.0");
        }
    }

    @Test
    void says_plainly_what_is_not_here() throws Exception {
        try (var running = RunningServer.start(new FakeReviews())) {
            assertThat(running.ops("/validate").statusCode()).isEqualTo(404);
            assertThat(running.ops("/validate").body())
                    .isEqualTo("There are only GET /healthz, GET /readyz and GET /metrics here.\n");
        }
    }

    @Test
    void a_taken_port_is_named_with_the_way_out() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = taken.getLocalPort();
            assertThatThrownBy(() -> RunningServer.start(settings -> settings.port(port), new FakeReviews()))
                    .isInstanceOf(CannotStart.class)
                    .hasMessage("Port %d cannot be had. Stop what listens there, or set port to another one."
                            .formatted(port));
            assertThatThrownBy(() -> RunningServer.start(settings -> settings.opsPort(port), new FakeReviews()))
                    .isInstanceOf(CannotStart.class)
                    .hasMessage("Port %d cannot be had. Stop what listens there, or set ops-port to another one."
                            .formatted(port));
        }
    }
}
