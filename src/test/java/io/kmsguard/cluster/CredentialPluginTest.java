// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.ObjectRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that are scripts, and an API server that accepts nobody. */
class CredentialPluginTest {

    private static final String VERSION = "client.authentication.k8s.io/v1";
    private static final String GIVES = """
            printf '%s' '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"hunter2"}}'
            """;

    @TempDir
    private Path folder;

    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void begin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            try (call) {
                authorizations.add(String.valueOf(call.getRequestHeaders().getFirst("Authorization")));
                call.sendResponseHeaders(401, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    /** A plugin that notes each of its runs, then does the rest. */
    private void plugin(String rest) throws IOException {
        var script = folder.resolve("bin").resolve("plugin");
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(script, "#!/bin/sh\ncd '" + folder + "' || exit 9\necho run >>runs\n" + rest);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    private ClusterAccess find(String exec, String user) throws IOException {
        var file = Files.writeString(
                folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: a
                contexts: [{name: a, context: {cluster: a, user: a}}]
                clusters: [{name: a, cluster: {server: "http://127.0.0.1:%d"}}]
                users:
                - name: a
                  user:
                    exec:
                      apiVersion: %s
                      %s
                    %s
                """.formatted(server.getAddress().getPort(), VERSION, exec, user));
        return ClusterAccess.find(Optional.of(file.toFile()), Optional.empty(), Map.of());
    }

    private ClusterAccess find() throws IOException {
        return find("command: bin/plugin", "");
    }

    private String refusal() throws IOException {
        assertThat(find()).isInstanceOf(ClusterAccess.Missing.class);
        return ((ClusterAccess.Missing) find()).why();
    }

    private String refused(String why) {
        return "The kubeconfig file " + folder.resolve("config") + " names the credential plugin bin/plugin, which "
                + why + ". Run kubectl with it to see what the plugin says.";
    }

    private void ask(ClusterAccess access) {
        assertThat(access).isInstanceOf(ClusterAccess.Configured.class);
        try (var world = ClusterSurroundings.ofCaller((ClusterAccess.Configured) access)) {
            assertThat(world.get(new ObjectRef("Secret", "sv", "key"), Deadline.in(Duration.ofSeconds(20))))
                    .isEqualTo(Lookup.unknown(
                            "Secret sv/key could not be read: the API server does not accept your credentials (401)"));
        }
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }

    @Test
    void gets_its_arguments_as_they_are_written() throws IOException {
        plugin("printf '%s\\n' \"$@\" >arguments\nprintf '%s' \"$WHO\" >who\n" + GIVES);
        var access = find(
                "command: bin/plugin\n      args: ['a b', '$(touch pwned)', '; touch pwned', '\"x\"', '$HOME', '*', '']"
                        + "\n      env: [{name: WHO, value: '$ME'}]",
                "");
        assertThat(lines("arguments"))
                .containsExactly("a b", "$(touch pwned)", "; touch pwned", "\"x\"", "$HOME", "*", "");
        assertThat(lines("who")).containsExactly("$ME");
        assertThat(folder.resolve("pwned")).doesNotExist();
        assertThat(access.toString()).isEqualTo("Configured[the cluster of context a]");
    }

    @Test
    void gives_a_token_and_is_not_run_again_for_an_api_server_that_does_not_take_it() throws IOException {
        plugin(GIVES);
        ask(find());
        assertThat(authorizations).isNotEmpty().containsOnly("Bearer hunter2");
        assertThat(lines("runs")).containsExactly("run");
    }

    @Test
    void is_run_again_when_its_token_has_ended() throws IOException {
        plugin(GIVES.replace("\"hunter2\"", "\"hunter2\",\"expirationTimestamp\":\"2020-01-01T00:00:00Z\""));
        var access = find();
        assertThat(lines("runs")).hasSize(1);
        ask(access);
        assertThat(lines("runs")).hasSizeGreaterThan(1);
    }

    @Test
    void is_told_of_the_cluster_where_the_kubeconfig_wants_it() throws IOException {
        plugin("printf '%s' \"$KUBERNETES_EXEC_INFO\" >info\n" + GIVES);
        find();
        assertThat(lines("info"))
                .containsExactly("{\"kind\":\"ExecCredential\",\"apiVersion\":\"" + VERSION
                        + "\",\"spec\":{\"interactive\":false}}");
        find("command: bin/plugin\n      provideClusterInfo: true", "");
        assertThat(lines("info"))
                .containsExactly("{\"kind\":\"ExecCredential\",\"apiVersion\":\"" + VERSION
                        + "\",\"spec\":{\"interactive\":false,\"cluster\":{\"server\":\"http://127.0.0.1:"
                        + server.getAddress().getPort() + "\"}}}");
    }

    @Test
    void is_left_alone_where_the_file_has_a_token() throws IOException {
        plugin(GIVES);
        ask(find("command: bin/plugin", "token: from-the-file"));
        assertThat(authorizations).isNotEmpty().containsOnly("Bearer from-the-file");
        assertThat(folder.resolve("runs")).doesNotExist();
    }

    @Test
    void is_named_where_it_fails_and_what_it_said_is_not() throws IOException {
        assertThat(refusal()).isEqualTo(refused("cannot be started"));
        plugin("echo hunter2\necho hunter2 >&2\nexit 3\n");
        assertThat(refusal()).isEqualTo(refused("ended with exit code 3"));
        plugin("echo hunter2\n");
        assertThat(refusal()).isEqualTo(refused("printed no ExecCredential of " + VERSION));
        plugin(GIVES.replace("io/v1\"", "io/v1beta1\""));
        assertThat(refusal()).isEqualTo(refused("printed no ExecCredential of " + VERSION));
        plugin(GIVES.replace("token", "clientKeyData"));
        assertThat(refusal()).isEqualTo(refused("gave neither a token nor a client certificate with its key"));
        plugin(GIVES.replace("\"hunter2\"", "\"hunter2\",\"expirationTimestamp\":\"soon\""));
        assertThat(refusal()).isEqualTo(refused("gave an expirationTimestamp that is no time"));
    }

    @Test
    void gives_a_certificate_that_is_looked_at_as_any_other() throws IOException {
        plugin(GIVES.replace("\"token\":\"hunter2\"", "\"clientCertificateData\":\"x\",\"clientKeyData\":\"hunter2\""));
        assertThat(refusal())
                .isEqualTo("The kubeconfig file " + folder.resolve("config") + " has a client certificate and key that"
                        + " cannot be used: they are no certificate and its private key, both as PEM.");
    }

    @Test
    void a_file_without_its_command_is_told() throws IOException {
        assertThat(find("args: [a]", ""))
                .isEqualTo(new ClusterAccess.Missing("The kubeconfig file " + folder.resolve("config")
                        + " names a credential plugin (exec) without its command. Run kubectl with it to see what the plugin"
                        + " says."));
    }
}
