// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** An API server that lists what a test tells it, and whose watches say what a test says. */
final class ListenedApiServer implements AutoCloseable {

    private static final String NOT_FOUND = "{\"kind\":\"Status\",\"code\":404}";
    private static final String CUT = "cut";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final Map<String, BlockingQueue<String>> events = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> watches = new CopyOnWriteArrayList<>();

    ListenedApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What a GET of that path is answered with, whatever its query. */
    void has(String path, String body) {
        bodies.put(path, body);
    }

    void lists(String path, String version, String... items) {
        has(
                path,
                "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[" + String.join(",", items) + "]}");
    }

    void lacks(String path) {
        bodies.remove(path);
    }

    /** One event of the watch of that path. */
    void says(String path, String type, String object) {
        events(path).add("{\"type\":\"" + type + "\",\"object\":" + object + "}\n");
    }

    /** Ends the connection of the watch of that path in the middle. */
    void cuts(String path) {
        events(path).add(CUT);
    }

    /** The paths that were asked for, without those of watches; each time anew. */
    List<String> asked() {
        return asked;
    }

    /** The watches that were asked for, each as its path and the version from which it goes on. */
    List<String> watches() {
        return watches;
    }

    private BlockingQueue<String> events(String path) {
        return events.computeIfAbsent(path, p -> new LinkedBlockingQueue<>());
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        if (query.contains("watch=1") && bodies.containsKey(path)) {
            watches.add(path + " " + query.replaceAll(".*resourceVersion=([0-9]+).*", "$1"));
            watch(exchange, events(path));
            return;
        }
        asked.add(path);
        var body = bodies.get(path);
        var bytes = (body == null ? NOT_FOUND : body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void watch(HttpExchange exchange, BlockingQueue<String> events) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        try {
            for (var next = events.take(); !next.equals(CUT); next = events.take()) {
                exchange.getResponseBody().write(next.getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
