// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import io.kmsguard.server.Ports;
import io.kmsguard.splice.ObjectRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of a lookup when the API server is slow, not there, or not what it should be. */
class ClusterConnectionTest extends MockedCluster {

    @Test
    void does_not_wait_beyond_the_deadline() {
        server.expect()
                .get()
                .delay(1, TimeUnit.MINUTES)
                .withPath(SECRET_PATH)
                .andReturn(200, SECRET_JSON)
                .always();

        assertThat(why(world.get(SECRET, Deadline.in(Duration.ofMillis(200)))))
                .isEqualTo(
                        "Secret sv/key could not be read: the API server did not answer before the deadline of this review");
    }

    @Test
    void does_not_ask_for_another_page_after_the_deadline() {
        assertThat(why(world.workloads(Deadline.in(Duration.ZERO))))
                .isEqualTo("deployments in all namespaces could not be listed: the deadline of this review came first");
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void a_body_that_never_ends_is_cut_at_the_deadline() throws Exception {
        try (var trickle = new TricklingServer();
                var slow = at("http://127.0.0.1:" + trickle.port())) {
            assertThat(why(slow.get(SECRET, Deadline.in(Duration.ofMillis(300)))))
                    .isEqualTo("Secret sv/key could not be read: the API server did not answer before the deadline of"
                            + " this review");
            assertThat(trickle.hungUp()).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void a_server_that_is_not_there_is_unknown() {
        var port = Ports.free();
        try (var nowhere = at("http://user:hunter2@127.0.0.1:" + port)) {
            assertThat(why(nowhere.get(SECRET, soon())))
                    .isEqualTo("Secret sv/key could not be read: the API server at 127.0.0.1:" + port
                            + " refuses connections");
            assertThat(nowhere.trouble(soon()))
                    .contains("deployments in all namespaces could not be listed: the API server at 127.0.0.1:" + port
                            + " refuses connections");
        }
    }

    @Test
    void a_name_that_does_not_resolve_is_unknown() {
        try (var nowhere = at("http://no-such-host.invalid:6443")) {
            assertThat(why(nowhere.get(SECRET, soon())))
                    .isEqualTo("Secret sv/key could not be read: the name of the API server at"
                            + " no-such-host.invalid:6443 cannot be resolved");
        }
    }

    @Test
    void a_server_that_speaks_no_tls_is_unknown() {
        try (var plain = at("https://127.0.0.1:" + server.getPort())) {
            assertThat(why(plain.get(SECRET, soon())))
                    .isEqualTo("Secret sv/key could not be read: the API server at 127.0.0.1:" + server.getPort()
                            + " cannot be trusted: the TLS handshake failed");
        }
    }

    @Test
    void has_no_trouble_where_workloads_can_be_listed() {
        answers("/apis/apps/v1/deployments?limit=1", 200, page("more", deployment("one")));

        assertThat(world.trouble(soon())).isEmpty();
    }

    @Test
    void keeps_the_path_of_a_server_behind_a_proxy() {
        answers("/k8s/clusters/c-1" + SECRET_PATH, 200, SECRET_JSON);
        try (var proxied = at("http://127.0.0.1:" + server.getPort() + "/k8s/clusters/c-1")) {
            assertThat(proxied.get(SECRET, soon())).isInstanceOf(Lookup.Found.class);
        }
    }

    @Test
    void serves_many_threads_each_its_own_answer() throws Exception {
        var threads = Executors.newFixedThreadPool(16);
        var results = new ArrayList<Future<Lookup<Integer>>>();
        for (var i = 0; i < 320; i++) {
            var number = i % 16;
            answers(
                    "/api/v1/namespaces/sv/configmaps/c" + number,
                    200,
                    "{\"kind\":\"ConfigMap\",\"data\":" + number + "}");
            results.add(threads.submit(() -> world.get(new ObjectRef("ConfigMap", "sv", "c" + number), soon())
                    .map(found -> found.path("data").asInt())));
        }
        for (var i = 0; i < results.size(); i++) {
            assertThat(results.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(Lookup.found(i % 16));
        }
        threads.shutdown();
    }

    @Test
    void an_interrupted_thread_stays_interrupted() {
        answers(SECRET_PATH, 200, SECRET_JSON);
        Thread.currentThread().interrupt();

        var answer = world.get(SECRET, soon());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(why(answer)).isEqualTo("Secret sv/key could not be read: the guard is being stopped");
    }
}
