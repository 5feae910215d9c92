// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One replica, and a Lease that an API server tells about. Two replicas and a real API server are the e2e tests'. */
class LeadershipTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PATH = "/apis/coordination.k8s.io/v1/namespaces/kms/leases/guard";
    private static final Leadership.Times LONG =
            new Leadership.Times(Duration.ofMinutes(5), Duration.ofMinutes(4), Duration.ofMillis(20));

    private final KubernetesMockServer server = new KubernetesMockServer(false);
    private final List<String> work = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        server.init(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        server.destroy();
    }

    private Leadership leadership(ClusterClient client, Leadership.Times times) {
        var leadership = new Leadership(client, new Installation("kms", "guard"), "me", times);
        leadership.register(new Leadership.Work() {
            @Override
            public void begin() {
                work.add("begin");
            }

            @Override
            public void end() {
                work.add("end");
            }
        });
        leadership.start();
        return leadership;
    }

    private ClusterClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getPort())
                .build();
        return ClusterClient.of(new ClusterAccess.Configured(config, "a test"));
    }

    private static String lease(String version, String spec) {
        return "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"guard\","
                + "\"namespace\":\"kms\",\"resourceVersion\":\"" + version + "\"},\"spec\":{" + spec + "}}";
    }

    private void holds(String spec) {
        server.expect().get().withPath(PATH).andReturn(200, lease("7", spec)).always();
    }

    private void takesPatches(int code) {
        server.expect()
                .patch()
                .withPath(PATH + "?fieldManager=kms-guard")
                .andReturn(code, lease("8", ""))
                .always();
    }

    private static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** What was sent since the last call. */
    private List<JsonNode> patches() throws InterruptedException {
        var patches = new ArrayList<JsonNode>();
        for (var request = server.takeRequest(0, TimeUnit.SECONDS);
                request != null;
                request = server.takeRequest(0, TimeUnit.SECONDS)) {
            if (request.getMethod().equals("PATCH")) {
                patches.add(JSON.readTree(request.getUtf8Body()));
            }
        }
        return patches;
    }

    @Test
    void takes_the_empty_lease_of_the_chart_and_gives_it_back() throws Exception {
        holds("");
        takesPatches(200);
        try (var client = client()) {
            var leadership = leadership(client, LONG);
            await(leadership::isLeader);
            var taken = patches().get(0);
            assertThat(taken.at("/metadata/resourceVersion").asString("")).isEqualTo("7");
            assertThat(taken.at("/spec/holderIdentity").asString("")).isEqualTo("me");
            assertThat(taken.at("/spec/leaseDurationSeconds").asInt()).isEqualTo(300);
            assertThat(taken.at("/spec/leaseTransitions").asInt()).isEqualTo(1);
            assertThat(taken.at("/spec/renewTime").asString(""))
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");

            server.expect()
                    .get()
                    .withPath(PATH)
                    .andReturn(200, lease("8", "\"holderIdentity\":\"me\""))
                    .always();
            await(() -> work.contains("begin"));
            leadership.close();

            assertThat(work).containsExactly("begin", "end");
            assertThat(leadership.isLeader()).isFalse();
        }
    }

    @Test
    void follows_one_who_leads_and_touches_nothing() throws Exception {
        holds("\"holderIdentity\":\"other\",\"leaseDurationSeconds\":3600,\"leaseTransitions\":4");
        try (var client = client();
                var leadership = leadership(client, LONG)) {
            await(() -> server.getRequestCount() > 5);

            assertThat(leadership.isLeader()).isFalse();
            assertThat(leadership.trouble()).isEmpty();
            assertThat(patches()).isEmpty();
            assertThat(work).isEmpty();
        }
    }

    @Test
    void takes_over_from_one_who_was_silent_for_as_long_as_its_lease_lasts() throws Exception {
        // Its clock may be ahead: what counts is how long nothing changed.
        holds("\"holderIdentity\":\"other\",\"leaseDurationSeconds\":1,\"leaseTransitions\":4,"
                + "\"renewTime\":\"2099-01-01T00:00:00.000000Z\"");
        takesPatches(200);
        try (var client = client();
                var leadership = leadership(client, LONG)) {
            await(leadership::isLeader);

            assertThat(patches().get(0).at("/spec/leaseTransitions").asInt()).isEqualTo(5);
        }
    }

    @Test
    void one_who_was_faster_leads() {
        holds("");
        takesPatches(409);
        try (var client = client();
                var leadership = leadership(client, LONG)) {
            await(() -> server.getRequestCount() > 5);

            assertThat(leadership.isLeader()).isFalse();
            assertThat(leadership.trouble()).isEmpty();
        }
    }

    @Test
    void a_lease_that_may_not_be_written_or_is_not_there_is_told() {
        holds("");
        takesPatches(403);
        try (var client = client();
                var leadership = leadership(client, LONG)) {
            await(() -> leadership.trouble().isPresent());
            assertThat(leadership.trouble())
                    .contains("the guard's account lacks the right to read and patch Lease kms/guard (403)");
        }
        server.destroy();
        try (var client = client();
                var leadership = leadership(client, LONG)) {
            await(() -> leadership.trouble().isPresent());
            assertThat(leadership.trouble())
                    .contains("cannot read and patch Lease kms/guard: the API server refuses connections");
        }
    }

    @Test
    void a_leader_who_cannot_renew_stops_by_its_own_clock() {
        holds("");
        server.expect()
                .patch()
                .withPath(PATH + "?fieldManager=kms-guard")
                .andReturn(200, lease("8", ""))
                .once();
        takesPatches(500);
        var brief = new Leadership.Times(Duration.ofSeconds(9), Duration.ofSeconds(3), Duration.ofMillis(20));
        try (var client = client();
                var leadership = leadership(client, brief)) {
            await(() -> work.contains("end"));

            assertThat(work).containsExactly("begin", "end");
            assertThat(leadership.isLeader()).isFalse();
            assertThat(leadership.trouble())
                    .contains("cannot read and patch Lease kms/guard: the API server answered 500");
        }
    }
}
