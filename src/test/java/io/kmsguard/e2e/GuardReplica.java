// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import io.kmsguard.server.Ports;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One replica of the guard: a process of this machine with a ServiceAccount's token and nothing more. {@link Guard} has
 * several of them behind a Service; {@link Release} gives a test single ones.
 */
final class GuardReplica implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final Pattern ANSWERED =
            Pattern.compile("(?m)^controller_runtime_webhook_requests_total\\{.*code=\"200\".*\\} (\\S+)$");

    private final String name;
    private final ChildProcess process;
    private final int port;
    private final int opsPort;

    private GuardReplica(String name, ChildProcess process, int port, int opsPort) {
        this.name = name;
        this.process = process;
        this.port = port;
        this.opsPort = opsPort;
    }

    /** Starts one of that installation, and does not wait for it. */
    static GuardReplica start(ControlPlane plane, Path kubeconfig, String pod, String namespace, String installation)
            throws IOException {
        return start(
                plane,
                kubeconfig,
                pod,
                pod,
                List.of("serve", "--installed-as=" + installation, "--namespace=" + namespace, "--drain-delay=0s"));
    }

    /**
     * Starts one, and does not wait for it.
     *
     * @param name what tests call it
     * @param pod what it calls itself
     * @param arguments of the container
     */
    static GuardReplica start(ControlPlane plane, Path kubeconfig, String name, String pod, List<String> arguments)
            throws IOException {
        var port = Ports.free();
        var opsPort = Ports.free();
        var command = new ArrayList<>(launch());
        command.addAll(arguments);
        command.addAll(List.of("--kubeconfig=" + kubeconfig, "--host=127.0.0.1"));
        command.addAll(List.of("--port=" + port, "--ops-port=" + opsPort));
        var process = ChildProcess.start(pod, plane.folder(), Map.of("POD_NAME", pod), command);
        return new GuardReplica(name, process, port, opsPort);
    }

    /** {@code -Dreplica.launch="java -XX:AOTCache=… -jar …"} starts it in another form, as for docs/performance.md. */
    private static List<String> launch() {
        var given = System.getProperty("replica.launch", "");
        return given.isEmpty()
                ? List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:Flags=" + Path.of("src", "image", "jvm.flags").toAbsolutePath(),
                        "-cp",
                        productClassPath(),
                        "io.kmsguard.cli.Main")
                : List.of(given.split(" ", -1));
    }

    /** Without what only tests use. */
    private static String productClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    String name() {
        return name;
    }

    ChildProcess process() {
        return process;
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

    /** How many reviews it has answered in full. */
    long answered() {
        return ANSWERED.matcher(metrics())
                .results()
                .mapToLong(match -> (long) Double.parseDouble(match.group(1)))
                .sum();
    }

    private String get(String path) {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + opsPort + path))
                                    .timeout(Duration.ofSeconds(2))
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

    boolean isReady() {
        return readyz().contains("readyz check passed");
    }

    void awaitReady() {
        Await.until(
                () -> {
                    process.mustRun();
                    return isReady();
                },
                () -> "a ready replica; it says:\n" + readyz() + process.tail());
    }

    /** What it logged. */
    String log() {
        return process.log();
    }

    /** Sends SIGTERM, and waits until it has drained and ended. */
    int terminate() throws IOException, InterruptedException {
        return process.terminate();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
