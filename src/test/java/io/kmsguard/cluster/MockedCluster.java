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
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An API server that answers what a test tells it, and the world as the guard reads it from there. */
abstract class MockedCluster {

    static final ObjectRef SECRET = new ObjectRef("Secret", "sv", "key");
    static final String SECRET_PATH = "/api/v1/namespaces/sv/secrets/key";
    static final String SECRET_JSON =
            "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"data\":{\"public\":\"QQ==\"},\"fieldFromTheFuture\":{\"x\":1}}";
    static final String NOT_FOUND =
            "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}";

    final KubernetesMockServer server = new KubernetesMockServer(false);
    ClusterSurroundings world;

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

    static ClusterSurroundings at(String url) {
        Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url).build();
        return ClusterSurroundings.of(new ClusterAccess.Configured(config, "a test"));
    }

    static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    void answers(String path, int code, String body) {
        server.expect().get().withPath(path).andReturn(code, body).always();
    }

    static String why(Lookup<?> lookup) {
        assertThat(lookup).isInstanceOf(Lookup.Unknown.class);
        return ((Lookup.Unknown<?>) lookup).why();
    }

    static List<String> refs(List<Workload> workloads) {
        return workloads.stream().map(workload -> workload.ref().toString()).toList();
    }

    static String page(String next, String... items) {
        return "{\"kind\":\"DeploymentList\",\"metadata\":{\"continue\":\"" + next + "\"},\"items\":["
                + String.join(",", items) + "]}";
    }

    static String deployment(String name) {
        return "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"sv\"},\"spec\":{\"template\":{\"spec\":"
                + "{\"containers\":[{\"name\":\"participant\",\"image\":\"canton-participant:0.7.3\"}]}}}}";
    }
}
