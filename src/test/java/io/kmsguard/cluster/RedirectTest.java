// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.ObjectRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** An API server that sends its callers elsewhere. */
class RedirectTest {

    private static final String REDIRECTS =
            "the API server redirects to another address (302), and the guard follows no redirect";

    private final AtomicInteger strayed = new AtomicInteger();
    private HttpServer apiServer;
    private HttpServer elsewhere;

    private static HttpServer server() throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @BeforeEach
    void begin() throws IOException {
        elsewhere = server();
        elsewhere.createContext("/", call -> {
            try (call) {
                strayed.incrementAndGet();
                call.sendResponseHeaders(404, -1);
            }
        });
        elsewhere.start();
        apiServer = server();
        apiServer.createContext("/", call -> {
            try (call) {
                call.getResponseHeaders().add("Location", url(elsewhere) + call.getRequestURI());
                call.sendResponseHeaders(302, -1);
            }
        });
        apiServer.start();
    }

    @AfterEach
    void end() {
        apiServer.stop(0);
        elsewhere.stop(0);
    }

    private ClusterAccess.Configured access() {
        var config = new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                .withMasterUrl(url(apiServer))
                .withOauthToken("hunter2")
                .build();
        return new ClusterAccess.Configured(config, "the cluster of a test");
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    @Test
    void a_lookup_says_so_and_goes_nowhere() {
        try (var world = ClusterSurroundings.ofCaller(access())) {
            assertThat(world.get(new ObjectRef("Secret", "sv", "key"), soon()))
                    .isEqualTo(Lookup.unknown("Secret sv/key could not be read: " + REDIRECTS));
            assertThat(world.trouble(soon()))
                    .contains("deployments in all namespaces could not be listed: " + REDIRECTS);
        }
        assertThat(strayed).hasValue(0);
    }

    @Test
    void a_write_says_so_and_goes_nowhere() {
        try (var cluster = ClusterClient.of(access())) {
            var failure = catchThrowable(() ->
                    cluster.client().secrets().inNamespace("sv").withName("key").get());
            assertThat(ApiTrouble.of(failure, "read Secret sv/key"))
                    .isEqualTo("cannot read Secret sv/key: " + REDIRECTS);
            assertThat(new ApiProbe(cluster)
                            .post("api/v1/namespaces", JsonMapper.shared().createObjectNode())
                            .code())
                    .isEqualTo(302);
        }
        assertThat(strayed).hasValue(0);
    }
}
