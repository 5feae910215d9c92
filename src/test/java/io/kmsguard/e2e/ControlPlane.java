// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import io.kmsguard.server.Ports;
import io.kmsguard.server.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real control plane on free ports of the loopback: etcd, API server, controller manager, scheduler, and kwok for the
 * node. Webhook calls to a Service come out at {@link #route}.
 */
final class ControlPlane implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final Base64.Encoder BASE64 = Base64.getEncoder();

    private final KubeAssets assets;
    private final Path folder;
    private final TestAuthority authority;
    private final EgressProxy egress;
    private final Map<String, Supplier<Optional<Integer>>> routes = new ConcurrentHashMap<>();
    private final ChildProcess etcd;
    private final int port;
    private final int etcdPort;
    private ChildProcess apiServer;
    private @Nullable Controllers controllers;

    private ControlPlane(KubeAssets assets) throws IOException {
        this.assets = assets;
        this.folder = Files.createTempDirectory("kms-guard-e2e");
        this.port = Ports.free();
        this.etcdPort = Ports.free();
        this.authority = new TestAuthority(folder);
        authority.server("api", List.of(LOOPBACK, "localhost", "kubernetes.default.svc"));
        authority.client("admin", "admin,O=system:masters");
        authority.keyOnly("accounts");
        this.egress = EgressProxy.listen(
                folder.resolve("egress.sock"),
                target -> Optional.ofNullable(routes.get(target)).flatMap(Supplier::get));
        write("egress.yaml", """
                apiVersion: apiserver.k8s.io/v1beta1
                kind: EgressSelectorConfiguration
                egressSelections:
                - name: cluster
                  connection:
                    proxyProtocol: HTTPConnect
                    transport:
                      uds:
                        udsName: %s
                """.formatted(folder.resolve("egress.sock")));
        this.etcd = startEtcd();
        this.apiServer = startApiServer();
    }

    /** An API server alone, ready for requests; the test that asks is skipped where there is none. */
    static ControlPlane start() throws IOException {
        var plane = new ControlPlane(KubeAssets.find());
        try {
            plane.awaitReady();
        } catch (AssertionError broken) {
            plane.close();
            throw broken;
        }
        write(
                plane.kubeconfig(),
                plane.kubeconfig("client-certificate-data: " + encoded(plane.authority.certificate("admin"))
                        + "\n    client-key-data: " + encoded(plane.authority.key("admin"))));
        return plane;
    }

    /** Starts what makes Deployments run as well. */
    ControlPlane withControllers() throws IOException {
        try {
            controllers = Controllers.start(this, authority.key("accounts"));
        } catch (AssertionError broken) {
            close();
            throw broken;
        }
        return this;
    }

    private ChildProcess startEtcd() throws IOException {
        var url = "http://" + LOOPBACK + ":" + etcdPort;
        return process(
                "etcd",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + url,
                "--advertise-client-urls=" + url,
                "--listen-peer-urls=http://" + LOOPBACK + ":0",
                "--unsafe-no-fsync");
    }

    private ChildProcess startApiServer() throws IOException {
        return process(
                "kube-apiserver",
                "--etcd-servers=http://" + LOOPBACK + ":" + etcdPort,
                "--bind-address=" + LOOPBACK,
                "--secure-port=" + port,
                "--endpoint-reconciler-type=none",
                "--cert-dir=" + folder.resolve("api-certs"),
                "--tls-cert-file=" + authority.certificate("api"),
                "--tls-private-key-file=" + authority.key("api"),
                "--client-ca-file=" + authority.ca(),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + authority.key("accounts"),
                "--service-account-signing-key-file=" + authority.key("accounts"),
                "--service-cluster-ip-range=10.96.0.0/24",
                "--authorization-mode=RBAC",
                "--allow-privileged=true",
                "--egress-selector-config-file=" + folder.resolve("egress.yaml"));
    }

    /** Ends the API server; what it stored stays. */
    void stopApiServer() throws IOException, InterruptedException {
        apiServer.terminate();
    }

    /** Ends it at once: it would let watches go on for a minute. */
    void killApiServer() throws IOException, InterruptedException {
        apiServer.kill();
    }

    /** Starts it again on the same port, and waits until it is ready. */
    void restartApiServer() throws IOException {
        apiServer = startApiServer();
        awaitReady();
    }

    private void awaitReady() {
        // This Java's HTTP/2 and that of the API server do not get on: GOAWAY.
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(Trust.of(authority.ca()))
                .build();
        var ready = HttpRequest.newBuilder(URI.create(url() + "/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        Await.until(
                () -> {
                    etcd.mustRun();
                    apiServer.mustRun();
                    return client.send(ready, BodyHandlers.discarding()).statusCode() == 200;
                },
                () -> "the API server:\n" + apiServer.tail());
    }

    /** Sends what the API server sends to that Service to that port of the loopback; asked for each connection. */
    void route(String clusterIp, int servicePort, Supplier<Optional<Integer>> localPort) {
        routes.put(clusterIp + ":" + servicePort, localPort);
    }

    String url() {
        return "https://" + LOOPBACK + ":" + port;
    }

    Path folder() {
        return folder;
    }

    /** The certificate (PEM) that vouches for the API server. */
    Path authority() {
        return authority.ca();
    }

    KubeAssets assets() {
        return assets;
    }

    /** The kubeconfig of an administrator. */
    Path kubeconfig() {
        return folder.resolve("admin.kubeconfig");
    }

    /** A kubeconfig with no more than the token of a ServiceAccount. */
    Path kubeconfig(String namespace, String account) throws IOException {
        var token = kubectl("-n", namespace, "create", "token", account, "--duration=1h")
                .mustSucceed();
        return write(namespace + "-" + account + ".kubeconfig", kubeconfig("token: " + token.strip()));
    }

    private String kubeconfig(String user) throws IOException {
        return """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts:
                - name: test
                  context: {cluster: test, user: test}
                clusters:
                - name: test
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                users:
                - name: test
                  user:
                    %s
                """.formatted(url(), encoded(authority.ca()), user);
    }

    Ran kubectl(String... args) throws IOException {
        return run("kubectl", args);
    }

    /** Runs kubectl or Helm as an administrator; one that waited in vain tells what there was instead. */
    Ran run(String binary, String... args) throws IOException {
        var ran = plainly(binary, args);
        return controllers != null && ran.waitedInVain() ? ran.and(controllers.state()) : ran;
    }

    private Ran plainly(String binary, String... args) throws IOException {
        var command = new ArrayList<>(List.of(assets.binary(binary)));
        command.addAll(List.of(args));
        return Ran.run(folder, Map.of("KUBECONFIG", kubeconfig().toString(), "HOME", folder.toString()), command);
    }

    /** What runs in all namespaces, and the events. */
    String overview() {
        try {
            return plainly("kubectl", "get", "nodes,deployments,replicasets,pods", "-A", "-o", "wide")
                            .out()
                    + plainly("kubectl", "get", "events", "-A").out();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Makes a namespace with the credentials that participants on Google Cloud KMS mount. */
    void kmsNamespace(String name) throws IOException {
        kubectl("create", "namespace", name).mustSucceed();
        kubectl("-n", name, "create", "secret", "generic", "gke-credentials", "--from-literal=googleCredentials={}")
                .mustSucceed();
    }

    ChildProcess process(String name, String... args) throws IOException {
        var command = new ArrayList<>(List.of(assets.binary(name)));
        command.addAll(List.of(args));
        return ChildProcess.start(name, folder, Map.of("HOME", folder.toString()), command);
    }

    private static String encoded(Path file) throws IOException {
        return BASE64.encodeToString(Files.readAllBytes(file));
    }

    Path write(String name, String text) throws IOException {
        return write(folder.resolve(name), text);
    }

    private static Path write(Path file, String text) throws IOException {
        return Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        if (controllers != null) {
            controllers.close();
        }
        apiServer.close();
        etcd.close();
        egress.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
