// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ClusterSurroundingsTest {

    private static final ObjectRef SECRET = new ObjectRef("Secret", "sv", "key");
    private static final String SECRET_PATH = "/api/v1/namespaces/sv/secrets/key";
    private static final String SECRET_JSON =
            "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"public\":\"QQ==\"},\"fieldFromTheFuture\":{\"x\":1}}";
    private static final String NOT_FOUND =
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}";

    private final KubernetesMockServer server = new KubernetesMockServer(false);
    private ClusterSurroundings world;

    @BeforeEach
    void start() {
        server.init(InetAddress.getLoopbackAddress(), 0);
        world = at("http://127.0.0.1:" + server.getPort());
    }

    @AfterEach
    void stop() {
        world.close();
        server.destroy();
    }

    private static ClusterSurroundings at(String url) {
        Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url).build();
        return ClusterSurroundings.of(new ClusterAccess.Configured(config, "a test"));
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    private void answers(String path, int code, String body) {
        server.expect().get().withPath(path).andReturn(code, body).always();
    }

    private static String why(Lookup<?> lookup) {
        assertThat(lookup).isInstanceOf(Lookup.Unknown.class);
        return ((Lookup.Unknown<?>) lookup).why();
    }

    @Test
    void finds_an_object_with_every_field_the_server_sent() {
        answers(SECRET_PATH, 200, SECRET_JSON);

        var found = world.get(SECRET, soon());

        assertThat(found.map(JsonNode::toString)).isEqualTo(Lookup.found(SECRET_JSON));
    }

    @ParameterizedTest
    @CsvSource({"Service,services", "ConfigMap,configmaps", "ServiceAccount,serviceaccounts"})
    void looks_every_kind_up_where_it_lives(String kind, String plural) {
        answers("/api/v1/namespaces/sv/" + plural + "/a.b-c", 200, "{\"kind\":\"" + kind + "\",\"metadata\":{}}");

        assertThat(world.get(new ObjectRef(kind, "sv", "a.b-c"), soon())).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void says_absent_only_where_the_api_server_says_so() {
        answers(SECRET_PATH, 404, NOT_FOUND);

        assertThat(world.get(SECRET, soon())).isEqualTo(Lookup.absent());
    }

    @Test
    void a_404_of_something_that_is_no_api_server_is_unknown() {
        answers(SECRET_PATH, 404, "{\"error\":\"no route\"}");

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo("Secret sv/key could not be read: what answered 404 at 127.0.0.1:" + server.getPort()
                        + " is no API server");
    }

    @Test
    void says_which_right_is_lacking() {
        answers(SECRET_PATH, 403, NOT_FOUND);
        answers("/apis/apps/v1/deployments?limit=200", 403, NOT_FOUND);

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo("Secret sv/key could not be read: the guard's account lacks the right to get secrets"
                        + " in namespace sv (403)");
        assertThat(why(world.workloads(soon())))
                .isEqualTo("deployments in all namespaces could not be listed: the guard's account lacks the right to"
                        + " list deployments in all namespaces (403)");
    }

    @Test
    void a_failing_server_is_unknown_by_its_code() {
        answers(SECRET_PATH, 500, "{\"message\":\"QQ==\"}");

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo("Secret sv/key could not be read: the API server answered 500");
    }

    @Test
    void a_single_hiccup_is_tried_again() {
        server.expect().get().withPath(SECRET_PATH).andReturn(503, "{}").once();
        server.expect().get().withPath(SECRET_PATH).andReturn(200, SECRET_JSON).once();

        assertThat(world.get(SECRET, soon())).isInstanceOf(Lookup.Found.class);
    }

    @Test
    void refused_credentials_are_unknown() {
        answers(SECRET_PATH, 401, "{}");

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo(
                        "Secret sv/key could not be read: the API server does not accept the guard's credentials (401)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hunter2 is no JSON", "{\"kind\":\"Secret\",\"data\":{\"private\":\"hunter2", "{\"a\":hunter2}"})
    void garbage_is_unknown_and_never_quoted(String garbage) {
        answers(SECRET_PATH, 200, garbage);

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo("Secret sv/key could not be read: what answered 200 at 127.0.0.1:" + server.getPort()
                        + " sent no JSON");
    }

    @Test
    void another_object_than_the_one_asked_for_is_unknown() {
        answers(SECRET_PATH, 200, "{\"kind\":\"ConfigMap\"}");

        assertThat(why(world.get(SECRET, soon())))
                .isEqualTo("Secret sv/key could not be read: what the API server sent is no Secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../../kube-system/secrets/x", "a/b", "a%2fb", "a?b", "Upper", "key\n", "-key"})
    void a_name_that_no_object_can_have_is_absent_without_asking(String name) {
        assertThat(world.get(new ObjectRef("Secret", "sv", name), soon())).isEqualTo(Lookup.absent());
        assertThat(world.get(new ObjectRef("Secret", "x" + name + "/", "key"), soon()))
                .isEqualTo(Lookup.absent());
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void other_kinds_are_not_looked_up() {
        assertThat(why(world.get(new ObjectRef("Node", "sv", "n"), soon())))
                .isEqualTo("Node sv/n is of a kind that the guard does not look up");
    }

    @Test
    void lists_both_kinds_page_by_page_and_leaves_out_what_is_no_workload() {
        answers(
                "/apis/apps/v1/namespaces/sv/deployments?limit=200",
                200,
                page("a=&/+b", deployment("one"), "{\"metadata\":{\"name\":\"broken\"}}"));
        answers(
                "/apis/apps/v1/namespaces/sv/deployments?limit=200&continue=a%3D%26%2F%2Bb",
                200, page("", deployment("two")));
        answers("/apis/apps/v1/namespaces/sv/statefulsets?limit=200", 200, page("", deployment("three")));

        assertThat(world.workloads("sv", soon()).map(all -> refs(all)))
                .isEqualTo(Lookup.found(List.of("Deployment sv/one", "Deployment sv/two", "StatefulSet sv/three")));
    }

    @Test
    void lists_all_namespaces() {
        answers("/apis/apps/v1/deployments?limit=200", 200, page("", deployment("one")));
        answers("/apis/apps/v1/statefulsets?limit=200", 200, page(""));

        assertThat(world.workloads(soon()).map(all -> refs(all))).isEqualTo(Lookup.found(List.of("Deployment sv/one")));
    }

    @Test
    void half_a_list_is_no_list() {
        answers("/apis/apps/v1/deployments?limit=200", 200, page("more", deployment("one")));
        answers("/apis/apps/v1/deployments?limit=200&continue=more", 410, NOT_FOUND);

        assertThat(why(world.workloads(soon())))
                .isEqualTo("deployments in all namespaces could not be listed: the API server answered 410");
    }

    @Test
    void a_list_without_items_or_without_the_resource_is_unknown() {
        answers("/apis/apps/v1/namespaces/a/deployments?limit=200", 200, "{\"kind\":\"DeploymentList\"}");
        answers("/apis/apps/v1/namespaces/b/deployments?limit=200", 404, NOT_FOUND);

        assertThat(why(world.workloads("a", soon())))
                .isEqualTo("deployments in namespace a could not be listed: what the API server sent is no list");
        assertThat(why(world.workloads("b", soon())))
                .isEqualTo("deployments in namespace b could not be listed: the API server does not know"
                        + " deployments.apps (404)");
    }

    @Test
    void a_namespace_that_cannot_be_has_no_workloads() {
        assertThat(world.workloads("../x", soon())).isEqualTo(Lookup.found(List.of()));
        assertThat(server.getRequestCount()).isZero();
    }

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
    void a_server_that_is_not_there_is_unknown() throws IOException {
        var port = 0;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
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

    private static List<String> refs(List<Workload> workloads) {
        return workloads.stream().map(workload -> workload.ref().toString()).toList();
    }

    private static String page(String next, String... items) {
        return "{\"kind\":\"DeploymentList\",\"metadata\":{\"continue\":\"" + next + "\"},\"items\":["
                + String.join(",", items) + "]}";
    }

    private static String deployment(String name) {
        return "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"sv\"},\"spec\":{\"template\":{\"spec\":"
                + "{\"containers\":[{\"name\":\"participant\",\"image\":\"canton-participant:0.7.3\"}]}}}}";
    }
}
