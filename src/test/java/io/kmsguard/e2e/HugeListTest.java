// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand Deployments, of an API server that makes them up as it is asked, read by a process with a small heap. */
class HugeListTest {

    private static final int OBJECTS = 100_000;
    private static final int LARGE_BYTES = 1_400_000;
    private static final Pattern LIMIT = Pattern.compile("limit=(\\d+)");
    private static final Pattern CONTINUE = Pattern.compile("continue=(\\d+)");

    @TempDir
    private Path folder;

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var uri = exchange.getRequestURI();
        try (exchange) {
            if (uri.getPath().equals("/apis/apps/v1/deployments")) {
                exchange.sendResponseHeaders(200, 0);
                page(exchange, number(LIMIT, uri.getQuery(), OBJECTS), number(CONTINUE, uri.getQuery(), 0));
            } else {
                var isList = uri.getQuery() != null && uri.getQuery().contains("limit=");
                var body = (isList ? "{\"metadata\":{},\"items\":[]}" : "{\"kind\":\"Status\"}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(isList ? 200 : 404, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static int number(Pattern pattern, String query, int otherwise) {
        var matcher = pattern.matcher(query);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : otherwise;
    }

    private static void page(HttpExchange exchange, int limit, int from) throws IOException {
        var out = exchange.getResponseBody();
        var until = Math.min(OBJECTS, from + limit);
        var next = until < OBJECTS ? ",\"continue\":\"" + until + "\"" : "";
        out.write(
                ("{\"metadata\":{\"resourceVersion\":\"7\"" + next + "},\"items\":[").getBytes(StandardCharsets.UTF_8));
        for (var number = from; number < until; number++) {
            out.write(((number == from ? "" : ",") + object(number)).getBytes(StandardCharsets.UTF_8));
        }
        out.write("]}".getBytes(StandardCharsets.UTF_8));
    }

    /** One is a participant on a KMS, some are as large as etcd takes them, and one of those says a word of Splice. */
    private static String object(int number) {
        var isParticipant = number == OBJECTS / 2;
        var note = number % 20_000 == 7 ? "n".repeat(LARGE_BYTES) : "n".repeat(600);
        return """
                {"metadata":{"name":"web-%d","namespace":"ordinary","annotations":{"note":"%s"}},"spec":{"template":{"spec":\
                {"containers":[{"name":"web","image":"%s","env":[{"name":"%s","value":"canton.participants.p.crypto \
                { provider = kms, kms { type = driver, name = hsm } }"}]}]}}}}""".formatted(
                        number,
                        number == 20_007 ? note + " canton" : note,
                        isParticipant ? "canton-participant:0.7.3" : "web:1",
                        isParticipant ? "ADDITIONAL_CONFIG_KMS" : "SETTING")
                .replace(isParticipant ? "\n" : "canton.participants.p.crypto", isParticipant ? "" : "crypto");
    }

    @Test
    void an_audit_reads_them_in_a_heap_of_48_megabytes() throws Exception {
        var kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: huge
                contexts: [{name: huge, context: {cluster: huge, user: nobody}}]
                clusters: [{name: huge, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: nobody, user: {}}]
                """.formatted(server.getAddress().getPort()));
        var ran = Ran.run(
                folder,
                Map.of(),
                new ArrayList<>(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.kmsguard.cli.Main",
                        "audit",
                        "--kubeconfig=" + kubeconfig)));

        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isLessThan(2);
        assertThat(ran.out()).contains("web-50000").doesNotContain("web-49999");
    }
}
