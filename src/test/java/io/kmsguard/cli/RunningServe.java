// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestReader;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code serve} in a thread, on free ports of this machine, and what a caller and an operator see of it. */
final class RunningServe implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Pattern PORTS = Pattern.compile(
            "reviews at https://127\\.0\\.0\\.1:(\\d+), health and metrics at http://127\\.0\\.0\\.1:(\\d+);");

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final CopyOnWriteArrayList<ILoggingEvent> events = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }
    };
    private final Thread thread;
    private final SSLContext tls;
    private final HttpClient client;
    private final int port;
    private final int opsPort;

    /**
     * Waits until it listens.
     *
     * @param ca the authority to trust; without one, that which the server names
     */
    RunningServe(Optional<Path> ca, String... options) throws Exception {
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
        var args = new ArrayList<>(List.of("serve", "--host", "127.0.0.1", "--port", "0", "--ops-port", "0"));
        args.addAll(List.of("--drain-delay", "0s"));
        args.addAll(List.of(options));
        var stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        thread = new Thread(() -> exit.complete(
                Main.run(InputStream.nullInputStream(), stream, stream, Map.of(), args.toArray(String[]::new))));
        thread.start();
        var ports = await(PORTS);
        port = Integer.parseInt(ports.group(1));
        opsPort = Integer.parseInt(ports.group(2));
        tls = trusting(ca.isPresent() ? ca.get() : namedCa());
        client = HttpClient.newBuilder().sslContext(tls).build();
    }

    static RunningServe selfSigned(String... options) throws Exception {
        var all = new ArrayList<>(List.of("--self-signed"));
        all.addAll(List.of(options));
        return new RunningServe(Optional.empty(), all.toArray(String[]::new));
    }

    private Path namedCa() throws InterruptedException {
        return Path.of(
                await(Pattern.compile("its CA is in (.+\\.pem)\\. Try: ")).group(1));
    }

    private Matcher await(Pattern pattern) throws InterruptedException {
        var end = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() < end) {
            var matcher = pattern.matcher(printed());
            if (matcher.find()) {
                return matcher;
            }
            if (exit.isDone()) {
                break;
            }
            Thread.sleep(5);
        }
        throw new AssertionError("serve did not come up: " + printed());
    }

    static SSLContext trusting(Path ca) throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var pem = new FileInputStream(ca.toFile())) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    int port() {
        return port;
    }

    /** What it printed for a person. */
    String printed() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** What was logged with that message, as keys and values. */
    List<String> logged(String message) {
        return events.stream()
                .filter(event -> event.getFormattedMessage().equals(message))
                .map(event -> String.valueOf(event.getKeyValuePairs()))
                .toList();
    }

    List<ILoggingEvent> events() {
        return events;
    }

    HttpResponse<String> post(String path, byte[] body, String contentType) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                        .header("Content-Type", contentType)
                        .timeout(LONG)
                        // Of a long body the server reads nothing and hangs up, on which this client may miss its
                        // answer.
                        .expectContinue(body.length > 1_000_000)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Sends that text as it is, and returns all that comes back until the server closes the connection. */
    String send(String text) throws IOException {
        try (var socket = tls.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout((int) LONG.toMillis());
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The response to a review of an object that is created. */
    JsonNode review(String path, JsonNode object) throws Exception {
        var answer = post(path, create(object).getBytes(StandardCharsets.UTF_8), "application/json");
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("response");
    }

    static String create(JsonNode object) {
        return """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u-1",
                "kind":{"group":"apps","version":"v1","kind":"%s"},"operation":"CREATE","namespace":"sv",
                "name":"%s","userInfo":{"username":"operator"},"object":%s}}""".formatted(
                        object.path("kind").asString(""),
                        object.path("metadata").path("name").asString(""),
                        object);
    }

    HttpResponse<String> ops(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + opsPort + path))
                        .timeout(LONG)
                        .build(),
                BodyHandlers.ofString());
    }

    /** The readiness page, as soon as it holds that text. */
    String ready(String text) throws IOException, InterruptedException {
        var end = System.nanoTime() + LONG.toNanos();
        while (true) {
            var page = ops("/readyz").body();
            if (page.contains(text) || System.nanoTime() > end) {
                return page;
            }
            Thread.sleep(20);
        }
    }

    /** Ends it, and waits for the exit code. */
    int stop() {
        thread.interrupt();
        return exit.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        stop();
        root.detachAppender(appender);
    }

    /** One of the demo's manifests. */
    static String manifest(String name) throws IOException {
        try (var resource = RunningServe.class.getResourceAsStream("/io/kmsguard/demo/" + name + ".yaml")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The Deployment in it. */
    static JsonNode deployment(String name) throws IOException {
        return ManifestReader.read(name, manifest(name)).manifests().stream()
                .filter(each -> each.kind().equals("Deployment"))
                .map(Manifest::object)
                .findFirst()
                .orElseThrow();
    }
}
