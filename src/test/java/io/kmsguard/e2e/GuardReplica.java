// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** One replica of the guard as a process of its own, with a ServiceAccount's token and nothing more. */
final class GuardReplica implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ChildProcess process;
    private final int port;
    private final int opsPort;

    private GuardReplica(ChildProcess process, int port, int opsPort) {
        this.process = process;
        this.port = port;
        this.opsPort = opsPort;
    }

    /** Starts one, and does not wait for it. */
    static GuardReplica start(ControlPlane plane, Path kubeconfig, String pod, String namespace, String name)
            throws IOException {
        var port = Ports.free();
        var opsPort = Ports.free();
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-cp",
                productClassPath(),
                "io.kmsguard.cli.Main",
                "serve",
                "--installed-as=" + name,
                "--namespace=" + namespace,
                "--kubeconfig=" + kubeconfig,
                "--host=127.0.0.1",
                "--port=" + port,
                "--ops-port=" + opsPort,
                "--drain-delay=0s"));
        var process = ChildProcess.start(pod, plane.folder(), Map.of("POD_NAME", pod), command);
        return new GuardReplica(process, port, opsPort);
    }

    /** Without what only tests use. */
    private static String productClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    int port() {
        return port;
    }

    /** The readiness page; empty where nobody answers. */
    String readyz() {
        return get("/readyz");
    }

    String metrics() {
        return get("/metrics");
    }

    private String get(String path) {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + opsPort + path))
                                    .timeout(Duration.ofSeconds(5))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException notYet) {
            return "";
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    void awaitReady() {
        Await.until(
                () -> {
                    process.mustRun();
                    return readyz().contains("readyz check passed");
                },
                () -> "a ready replica; it says:\n" + readyz() + process.tail());
    }

    /** What it logged. */
    String log() {
        return process.log();
    }

    void terminate() throws IOException, InterruptedException {
        process.terminate();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
