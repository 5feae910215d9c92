// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.kmsguard.server.ManagedCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** {@code doctor} over an API server that is a fake, for what a real one says only now and then. */
class DoctorCommandTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String DRY_RUN =
            "/apis/apps/v1/namespaces/sv/deployments?dryRun=All&fieldManager=kms-guard-doctor";

    private final KubernetesMockServer api = new KubernetesMockServer(false);

    @TempDir
    private Path folder;

    private Path kubeconfig;

    @BeforeEach
    void start() throws IOException {
        api.init(InetAddress.getLoopbackAddress(), 0);
        kubeconfig = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: fake
                clusters: [{name: fake, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: me, user: {token: hunter2}}]
                contexts: [{name: fake, context: {cluster: fake, user: me, namespace: sv}}]
                """.formatted(api.getPort()));
    }

    @AfterEach
    void stop() {
        api.destroy();
    }

    private Cli doctor(String... more) {
        api.expect().get().withPath("/api").andReturn(200, "{}").always();
        var line = new String[more.length + 3];
        line[0] = "doctor";
        line[1] = "--kubeconfig";
        line[2] = kubeconfig.toString();
        System.arraycopy(more, 0, line, 3, more.length);
        return Cli.run("", Map.of("KMS_GUARD_DEBUG", "1"), Terminals.NONE, line);
    }

    private void refuses(int code, String message) {
        var status = JSON.createObjectNode();
        status.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
        status.put("code", code).put("message", message);
        api.expect().post().withPath(DRY_RUN).andReturn(code, status.toString()).always();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no endpoints available for service "kms-guard" | no replica is ready.
            tls: failed to verify certificate: x509: certificate signed by unknown authority | it does not trust the guard's certificate.
            tls: failed to verify certificate: x509: certificate has expired or is not yet valid | it does not accept the guard's certificate.
            context deadline exceeded | the control plane does not reach the pods in time.
            dial tcp 10.0.0.1:8443: connect: connection refused | nothing listens at the pods' port.
            service "kms-guard" not found | the Service kms-guard/kms-guard is not there.
            """)
    void translates_why_the_api_server_does_not_get_through(String words, String meaning) {
        refuses(500, "Internal error occurred: failed calling webhook \"workloads.kms-guard.io\": " + words);

        var cli = doctor();

        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(cli.out())
                .contains("bad          reachable     The API server does not get through: " + meaning + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            403 | deployments.apps is forbidden: User "me" cannot create | your account may not create Deployments in namespace sv, not even in a dry run (403).
            403 | admission webhook "other.example.com" denied the request: no | webhook other.example.com refused the dry run before the guard was asked.
            500 | failed calling webhook "other.example.com": x | webhook other.example.com failed before the guard was asked.
            404 | namespaces "sv" not found | the dry run in namespace sv was not taken (404).
            """)
    void cannot_tell_where_the_guard_was_not_the_one_to_answer(int code, String words, String why) {
        refuses(code, words);

        assertThat(doctor().out()).contains("cannot tell  reachable     " + why + "\n");
    }

    @Test
    void what_may_not_be_read_is_no_fault_of_the_installation() {
        for (var path : new String[] {
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/kms-guard",
            "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/kms-guard",
            "/api/v1/namespaces/kms-guard/secrets/kms-guard-certificates",
            "/api/v1/namespaces/kms-guard/configmaps/kms-guard-policy",
            "/apis/apps/v1/namespaces/kms-guard/deployments/kms-guard",
            "/apis/apps/v1/deployments?limit=200"
        }) {
            api.expect()
                    .get()
                    .withPath(path)
                    .andReturn(403, "{\"kind\":\"Status\"}")
                    .always();
        }
        refuses(403, "deployments.apps is forbidden");

        var cli = doctor();

        assertThat(cli.err()).isEmpty();
        assertThat(cli.exitCode()).isZero();
        assertThat(cli.out())
                .contains("cannot tell  webhooks      your account lacks the right to read"
                        + " ValidatingWebhookConfiguration kms-guard (403).\n")
                .endsWith("\n0 ok, 0 to look at, 0 bad, 9 that nobody could tell.\n");
        assertThat(doctor("--fail-on", "warn").exitCode()).isEqualTo(1);
    }

    @Test
    void a_renewal_that_nobody_saw_to_is_a_warning() {
        var then = Instant.now().minus(Duration.ofDays(70));
        var managed = new ManagedCertificates("s", "kms-guard.kms-guard.svc");
        var authority = managed.plan(Map.of(), "", then).change().orElseThrow();
        var secret = JSON.createObjectNode();
        secret.put("kind", "Secret");
        var data = secret.putObject("data");
        managed.plan(authority.texts(), "", then)
                .change()
                .orElseThrow()
                .texts()
                .forEach((key, text) ->
                        data.put(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))));
        api.expect()
                .get()
                .withPath("/api/v1/namespaces/kms-guard/secrets/kms-guard-certificates")
                .andReturn(200, secret.toString())
                .always();
        refuses(403, "deployments.apps is forbidden");

        var cli = doctor();

        assertThat(cli.out())
                .containsPattern(
                        "\nwarn         certificates  Secret kms-guard/kms-guard-certificates: tls.crt was to be"
                                + " made anew from \\S+ on, and was not; its time is over at \\S+\\.\n {27}Fix: No replica leads,"
                                + " or the leader may not write: the holder of the guard's Lease and the log of that pod tell\\.\n")
                .doesNotContain("ok           certificates");
    }

    @Test
    void a_cluster_that_cannot_be_asked_is_told() {
        api.destroy();

        var cli = doctor();

        assertThat(cli.exitCode()).isEqualTo(2);
        assertThat(cli.err()).startsWith("kms-guard: the cluster of context fake cannot be asked: ");
    }
}
