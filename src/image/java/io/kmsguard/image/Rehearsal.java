// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.Locale;
import java.util.Map;
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
 * Starts the guard as a cluster does, reviews the demo's objects over TLS, and stops it by SIGTERM. The image's build runs it so
 * that the JVM writes down what it loaded; run by hand it tells how long a start takes. All of it on loopback.
 *
 * <pre>java -cp kms-guard.jar Rehearsal.java RUNS java -jar kms-guard.jar</pre>
 */
final class Rehearsal {

    private static final Pattern ADDRESS = Pattern.compile("reviews at https://127\\.0\\.0\\.1:(\\d+),");
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
        var api = emptyCluster();
        var kubeconfig = kubeconfig(api.getAddress().getPort());
        try {
            var starts = new ArrayList<Start>();
            for (var run = 0; run < runs; run++) {
                starts.add(rehearsal.run(kubeconfig));
            }
            tell(starts);
        } finally {
            Files.delete(kubeconfig);
            api.stop(0);
        }
    }

    /** From the start of the process to its first right answer: by the clock, and of all processors. */
    private record Start(Duration clock, Duration cpu) {}

    private static void tell(List<Start> starts) {
        System.out.println("Start to first right answer over TLS, median of " + starts.size() + ": "
                + median(starts.stream().map(Start::clock)) + " ms, of processors "
                + median(starts.stream().map(Start::cpu)) + " ms");
    }

    private static long median(Stream<Duration> times) {
        var sorted = times.sorted().toList();
        return sorted.get(sorted.size() / 2).toMillis();
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private Start run(Path kubeconfig) throws Exception {
        var command = new ArrayList<>(guard);
        command.addAll(List.of("serve", "--host", "127.0.0.1", "--port", "0", "--ops-port", "0", "--self-signed"));
        command.addAll(List.of("--drain-delay", "10ms", "--kubeconfig", kubeconfig.toString()));
        var start = System.nanoTime();
        var process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var err = process.errorReader(StandardCharsets.UTF_8)) {
            var port = port(err);
            var reader = drain(err);
            review(port, reviews.get(0));
            var first = new Start(Duration.ofNanos(System.nanoTime() - start), cpu(process));
            for (var review : reviews) {
                review(port, review);
            }
            // SIGTERM, as Process.destroy, but that would hang up on what the guard still has to say.
            process.toHandle().destroy();
            reader.join();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the guard ended with " + process.exitValue());
            }
            return first;
        } finally {
            process.destroyForcibly();
        }
    }

    private static int port(BufferedReader err) throws IOException {
        var printed = new StringBuilder();
        for (var line = err.readLine(); line != null; line = err.readLine()) {
            printed.append(line).append('\n');
            var address = ADDRESS.matcher(line);
            if (address.find()) {
                return Integer.parseInt(address.group(1));
            }
        }
        throw new IllegalStateException("the guard did not come up:\n" + printed);
    }

    private static Thread drain(BufferedReader err) {
        var reader = new Thread(() -> err.lines().forEach(line -> {}));
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private void review(int port, String review) throws IOException, InterruptedException {
        for (var webhook : List.of("validate", "mutate")) {
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

    /** An API server of a cluster in which there is nothing. */
    private static HttpServer emptyCluster() throws IOException {
        var api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", Rehearsal::answer);
        api.start();
        return api;
    }

    private static void answer(HttpExchange call) throws IOException {
        var path = call.getRequestURI().getPath();
        var list = path.endsWith("s");
        var answer = list
                ? "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}"
                : "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}";
        var bytes = answer.getBytes(StandardCharsets.UTF_8);
        call.getRequestBody().readAllBytes();
        call.getResponseHeaders().add("Content-Type", "application/json");
        call.sendResponseHeaders(list ? 200 : 404, bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }

    private static Path kubeconfig(int port) throws IOException {
        var file = Files.createTempFile("rehearsal", ".kubeconfig");
        return Files.writeString(file, String.format(Locale.ROOT, """
                apiVersion: v1
                kind: Config
                current-context: rehearsal
                contexts: [{name: rehearsal, context: {cluster: rehearsal, user: rehearsal}}]
                clusters: [{name: rehearsal, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: rehearsal, user: {}}]
                """, port));
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
