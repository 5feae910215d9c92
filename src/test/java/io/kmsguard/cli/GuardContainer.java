// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.server.DevelopmentCertificates;
import io.kmsguard.server.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.startupcheck.IsRunningStartupCheckStrategy;

/** {@code serve} in a container of the image, as a pod runs it: no root, nothing to write to, the machine's own network. */
final class GuardContainer implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final ToStringConsumer printed = new ToStringConsumer();
    private final GenericContainer<?> container;
    private final HttpClient client;
    private final int port = Ports.free();
    private final int opsPort = Ports.free();

    /**
     * Starts it; it is ready some time later.
     *
     * @param folder where the certificate and the manifests to judge by are put
     */
    GuardContainer(String image, Path folder, String... manifests) throws Exception {
        var tls = folder.resolve("tls");
        var certificates = DevelopmentCertificates.make(List.of(), Instant.now());
        certificates.writeTo(tls);
        // It is another user who reads it; the kubelet does the same by the pod's fsGroup.
        Files.setPosixFilePermissions(tls.resolve("tls.key"), PosixFilePermissions.fromString("rw-r--r--"));
        var world = Files.createDirectories(folder.resolve("world"));
        for (var name : manifests) {
            Files.writeString(world.resolve(name + ".yaml"), RunningServe.manifest(name));
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        client = HttpClient.newBuilder()
                .sslContext(RunningServe.trusting(tls.resolve("ca.crt")))
                .build();
        container = new GenericContainer<>(image)
                .withNetworkMode("host")
                .withFileSystemBind(folder.toString(), "/guard", BindMode.READ_ONLY)
                .withCreateContainerCmdModifier(
                        command -> command.getHostConfig().withReadonlyRootfs(true))
                .withStartupCheckStrategy(new IsRunningStartupCheckStrategy())
                .withLogConsumer(printed)
                .withCommand(
                        "serve",
                        "--host=127.0.0.1",
                        "--port=" + port,
                        "--ops-port=" + opsPort,
                        "--tls-dir=/guard/tls",
                        "--manifests=/guard/world",
                        "--drain-delay=1s");
        container.start();
    }

    /** What it printed, on both streams. */
    String printed() {
        return printed.toUtf8String();
    }

    /** The answer to the review of an object of the demo, created. */
    HttpResponse<String> review(String path, String object) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                        .header("Content-Type", "application/json")
                        .timeout(LONG)
                        .POST(BodyPublishers.ofString(RunningServe.create(RunningServe.deployment(object))))
                        .build(),
                BodyHandlers.ofString());
    }

    /** The readiness page, as soon as it says ready. */
    String ready() throws InterruptedException {
        var end = System.nanoTime() + LONG.toNanos();
        var page = "";
        while (!page.contains("readyz check passed") && System.nanoTime() < end) {
            page = page(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + opsPort + "/readyz"))
                    .timeout(LONG)
                    .build());
            Thread.sleep(20);
        }
        return page;
    }

    private String page(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException notYet) {
            return "nothing answers, but it printed: " + printed();
        }
    }

    /** The user and group it runs as, and whether it may become another. */
    Map<String, String> process() throws IOException {
        var state = container.getCurrentContainerInfo().getState();
        var lines = Files.readAllLines(Path.of("/proc/" + state.getPidLong() + "/status"));
        return Map.of("Uid", value(lines, "Uid"), "Gid", value(lines, "Gid"), "CapEff", value(lines, "CapEff"));
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip().replace('\t', ' '))
                .findFirst()
                .orElse("");
    }

    /** Sends SIGTERM, as a kubelet does, and waits for the exit code. */
    long terminate() {
        var docker = container.getDockerClient();
        docker.killContainerCmd(container.getContainerId()).withSignal("TERM").exec();
        return docker.waitContainerCmd(container.getContainerId()).start().awaitStatusCode();
    }

    @Override
    public void close() {
        container.stop();
    }
}
