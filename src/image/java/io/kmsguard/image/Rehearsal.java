// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.image;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starts the guard as the chart does in a cluster, reviews the demo's objects over TLS, and stops it by SIGTERM. The image's build
 * runs it so that the JVM writes down what it loaded; run by hand it tells how long a start takes. All of it on loopback.
 *
 * <pre>javac -cp kms-guard.jar -d DIR *.java &amp;&amp; java -cp kms-guard.jar:DIR io.kmsguard.image.Rehearsal RUNS java -jar kms-guard.jar</pre>
 */
final class Rehearsal {

    private static final Pattern ADDRESS = Pattern.compile(
            "reviews at https://127\\.0\\.0\\.1:(\\d+), health and metrics at http://127\\.0\\.0\\.1:(\\d+);");
    private static final List<String> OBJECTS =
            List.of("participant-kms", "participant-bare", "sv-with-flag", "sv-without-flag");
    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> guard;
    private final List<String> reviews;
    private final HttpClient client;

    private Rehearsal(List<String> guard) throws Exception {
        this.guard = guard;
        this.reviews = reviews();
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everyone()}, null);
        this.client = HttpClient.newBuilder().sslContext(context).build();
    }

    public static void main(String[] args) throws Exception {
        var runs = Integer.parseInt(args[0]);
        var rehearsal = new Rehearsal(List.of(args).subList(1, args.length));
        var directory = Files.createTempDirectory("rehearsal-");
        try (var cluster = new InstalledCluster(directory)) {
            // The first one makes the certificate, which those after it find.
            var first = rehearsal.run(cluster);
            tell(runs == 1 ? List.of(first) : rehearsal.starts(cluster, runs));
        } finally {
            delete(directory);
        }
    }

    private List<Start> starts(InstalledCluster cluster, int runs) throws Exception {
        var starts = new ArrayList<Start>();
        for (var run = 0; run < runs; run++) {
            starts.add(run(cluster));
        }
        return starts;
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** From the start of the process to its first right answer, by the clock and of all processors, and until it is ready. */
    private record Start(Duration answer, Duration cpu, Duration ready) {}

    private static void tell(List<Start> starts) {
        System.out.println("Start to first right answer over TLS, median of " + starts.size() + ": "
                + median(starts.stream().map(Start::answer)) + " ms, of processors "
                + median(starts.stream().map(Start::cpu)) + " ms; ready after "
                + median(starts.stream().map(Start::ready)) + " ms");
    }

    private static long median(Stream<Duration> times) {
        var sorted = times.sorted().toList();
        return sorted.get(sorted.size() / 2).toMillis();
    }

    private Start run(InstalledCluster cluster) throws Exception {
        var command = new ArrayList<>(guard);
        command.addAll(List.of("serve", "--installed-as", InstalledCluster.NAME));
        command.addAll(List.of("--namespace", InstalledCluster.NAMESPACE, "--drain-delay", "10ms"));
        command.addAll(List.of("--host", "127.0.0.1", "--port", "0", "--ops-port", "0"));
        var builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.environment().remove("KUBECONFIG");
        builder.environment().putAll(cluster.environment());
        var start = System.nanoTime();
        var process = builder.start();
        try (var err = process.errorReader(StandardCharsets.UTF_8);
                Closeable end = process::destroyForcibly) {
            var address = address(err);
            var port = Integer.parseInt(address.group(1));
            var reader = drain(err);
            review(port, "validate", reviews.get(0));
            var answer = since(start);
            var cpu = process.info().totalCpuDuration().orElse(Duration.ZERO);
            ready(Integer.parseInt(address.group(2)));
            var ready = since(start);
            for (var review : reviews) {
                review(port, "validate", review);
                review(port, "mutate", review);
            }
            // SIGTERM, as Process.destroy, but that would hang up on what the guard still has to say.
            process.toHandle().destroy();
            reader.join();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the guard ended with " + process.exitValue());
            }
            return new Start(answer, cpu, ready);
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static MatchResult address(BufferedReader err) throws IOException {
        var printed = new StringBuilder();
        for (var line = err.readLine(); line != null; line = err.readLine()) {
            printed.append(line).append('\n');
            var address = ADDRESS.matcher(line);
            if (address.find()) {
                return address;
            }
        }
        throw new IllegalStateException("the guard did not come up:\n" + printed);
    }

    private void ready(int port) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                .build();
        for (var tries = 0; tries < 600; tries++) {
            if (client.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                return;
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException(
                client.send(request, BodyHandlers.ofString()).body());
    }

    private static Thread drain(BufferedReader err) {
        var reader = new Thread(() -> err.lines().forEach(line -> {}));
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private void review(int port, String webhook, String review) throws IOException, InterruptedException {
        var answer = client.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/" + webhook + "?timeout=10s"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(review))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200 || !answer.body().contains("\"uid\":\"rehearsal\",\"allowed\":")) {
            throw new IllegalStateException("wrong answer " + answer.statusCode() + ": " + answer.body());
        }
    }

    /** The demo's Deployments, created, and updated without a change. */
    private static List<String> reviews() throws IOException {
        var reviews = new ArrayList<String>();
        var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        for (var name : OBJECTS) {
            try (var text = Yaml.class.getResourceAsStream("/io/kmsguard/demo/" + name + ".yaml")) {
                for (var document : yaml.loadAll(new InputStreamReader(text, StandardCharsets.UTF_8))) {
                    if (document instanceof Map<?, ?> object && "Deployment".equals(object.get("kind"))) {
                        reviews.add(review("CREATE", JSON.writeValueAsString(object), "null"));
                        var json = JSON.writeValueAsString(object);
                        reviews.add(review("UPDATE", json, json));
                    }
                }
            }
        }
        return reviews;
    }

    private static String review(String operation, String object, String before) {
        return """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"rehearsal",\
                "kind":{"group":"apps","version":"v1","kind":"Deployment"},"operation":"%s","namespace":"sv",\
                "name":"rehearsal","userInfo":{"username":"rehearsal"},"object":%s,"oldObject":%s}}""".formatted(operation, object, before);
    }

    /** The guard makes its certificate at the start; whose it is does not matter here. */
    private static final class Everyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
