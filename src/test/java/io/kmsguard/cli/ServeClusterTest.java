// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code serve} over a cluster whose API server is a fake. */
class ServeClusterTest {

    private static final String SECRET = "/api/v1/namespaces/sv/secrets/splice-app-sv-cometbft-governance-key";
    private static final String NOT_FOUND = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":404}";

    private final KubernetesMockServer api = new KubernetesMockServer(false);

    @TempDir
    private Path folder;

    private Path kubeconfig;

    @BeforeEach
    void start() throws Exception {
        api.init(InetAddress.getLoopbackAddress(), 0);
        kubeconfig = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: fake
                clusters: [{name: fake, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: guard, user: {token: hunter2}}]
                contexts: [{name: fake, context: {cluster: fake, user: guard}}]
                """.formatted(api.getPort()));
        var participant = RunningServe.deployment("participant-kms").toString();
        answers("/apis/apps/v1/deployments?limit=1", 200, "{\"items\":[]}");
        answers("/apis/apps/v1/namespaces/sv/deployments?limit=200", 200, "{\"items\":[" + participant + "]}");
        answers("/apis/apps/v1/namespaces/sv/statefulsets?limit=200", 200, "{\"items\":[]}");
        answers(
                "/api/v1/namespaces/sv/services/participant",
                200,
                "{\"kind\":\"Service\",\"spec\":{\"selector\":{\"app\":\"participant\"}}}");
    }

    @AfterEach
    void stop() {
        api.destroy();
    }

    private void answers(String path, int code, String body) {
        api.expect().get().withPath(path).andReturn(code, body).always();
    }

    private RunningServe serve() throws Exception {
        return RunningServe.selfSigned("--kubeconfig", kubeconfig.toString());
    }

    private static String cause(JsonNode response) {
        return response.at("/status/details/causes/0/reason").asString("");
    }

    @Test
    void judges_by_what_the_cluster_holds() throws Exception {
        answers(SECRET, 404, NOT_FOUND);
        try (var serve = serve()) {
            assertThat(serve.printed()).contains("; judging by the cluster of context fake.\n");
            assertThat(serve.ready("readyz check passed")).contains("[+]world ok");

            assertThat(cause(serve.review("/validate", RunningServe.deployment("sv-without-flag"))))
                    .isEqualTo("governance-key-flag");
            var denied = serve.review("/validate", RunningServe.deployment("sv-with-flag"));
            assertThat(cause(denied)).isEqualTo("governance-key-secret");
            assertThat(denied.at("/status/message").asString()).contains("which is not there");
        }
    }

    @Test
    void what_may_not_be_read_is_a_denial_that_says_so() throws Exception {
        answers(SECRET, 403, NOT_FOUND);
        try (var serve = serve()) {
            var denied = serve.review("/validate", RunningServe.deployment("sv-with-flag"));

            assertThat(denied.path("allowed").asBoolean()).isFalse();
            assertThat(denied.at("/status/message").asString())
                    .contains(
                            "Secret sv/splice-app-sv-cometbft-governance-key could not be read: the guard's account lacks"
                                    + " the right to get secrets in namespace sv (403)");
            assertThat(serve.ops("/metrics").body()).contains("kms_guard_unknown_facts_total 1.0");
        }
    }

    @Test
    void starts_without_the_api_server_and_says_why_it_is_not_ready() throws Exception {
        var port = api.getPort();
        api.shutdown();
        try (var serve = serve()) {
            var page = serve.ready("refuses connections");

            assertThat(page)
                    .contains("[-]world not ready: deployments in all namespaces could not be listed: the API server at"
                            + " 127.0.0.1:" + port + " refuses connections");
            assertThat(serve.ops("/readyz").statusCode()).isEqualTo(503);
            var denied = serve.review("/validate", RunningServe.deployment("sv-without-flag"));
            assertThat(denied.path("allowed").asBoolean()).isFalse();
            assertThat(denied.at("/status/message").asString()).contains("refuses connections");
            assertThat(serve.printed()).doesNotContain("hunter2");
        }
    }
}
