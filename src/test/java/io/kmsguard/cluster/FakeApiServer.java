// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An API server that holds objects: lists them page by page, gets them by name, and refuses what a test says. */
public final class FakeApiServer implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> PATHS = Map.ofEntries(
            Map.entry("Deployment", "/apis/apps/v1/deployments"),
            Map.entry("StatefulSet", "/apis/apps/v1/statefulsets"),
            Map.entry("DaemonSet", "/apis/apps/v1/daemonsets"),
            Map.entry("ReplicaSet", "/apis/apps/v1/replicasets"),
            Map.entry("Pod", "/api/v1/pods"),
            Map.entry("Secret", "/api/v1/secrets"),
            Map.entry("Service", "/api/v1/services"),
            Map.entry("ServiceAccount", "/api/v1/serviceaccounts"),
            Map.entry("ConfigMap", "/api/v1/configmaps"),
            Map.entry("Namespace", "/api/v1/namespaces"),
            Map.entry(
                    "MutatingWebhookConfiguration",
                    "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"));

    /** As the real one: what is shorter is sent as it is. */
    private static final int PACKED_FROM = 128 << 10;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** By the path of all of them, then by namespace and name. */
    private final Map<String, Map<String, String>> objects = new ConcurrentHashMap<>();

    private final Map<String, Integer> refused = new ConcurrentHashMap<>();
    private final Set<String> forgotten = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    public FakeApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        PATHS.values().forEach(path -> objects.put(path, new ConcurrentSkipListMap<>()));
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Holds an object; the items of a list do not say their kind. */
    public FakeApiServer has(JsonNode object) {
        var copy = (ObjectNode) object.deepCopy();
        var kind = copy.remove("kind").asString();
        copy.remove("apiVersion");
        var metadata = (ObjectNode) copy.path("metadata");
        var namespace = metadata.path("namespace").asString("");
        if (!metadata.has("uid")) {
            metadata.put("uid", "uid-" + metadata.path("name").asString());
        }
        Objects.requireNonNull(objects.get(PATHS.get(kind)), kind)
                .put(namespace + "/" + metadata.path("name").asString(), kind + "\n" + copy);
        return this;
    }

    public FakeApiServer hasNamespaces(String... names) {
        for (var name : names) {
            var object = JSON.createObjectNode().put("kind", "Namespace");
            object.putObject("metadata").put("name", name);
            has(object);
        }
        return this;
    }

    /** Answers with that code what is asked for by that path. */
    public FakeApiServer refuses(String path, int code) {
        refused.put(path, code);
        return this;
    }

    /** Answers the next page after the first of that path with 410, once. */
    public FakeApiServer forgetsOnce(String path) {
        forgotten.add(path);
        return this;
    }

    /** Paths and queries, as they were asked. */
    public List<String> asked() {
        return asked;
    }

    private void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var query = query(exchange.getRequestURI().getRawQuery());
        asked.add(exchange.getRequestURI().toString());
        if (refused.containsKey(path)) {
            send(exchange, refused.get(path), status(refused.get(path)));
        } else if (path.equals("/api")) {
            send(exchange, 200, "{}");
        } else if (query.containsKey("continue") && forgotten.remove(path)) {
            send(exchange, 410, status(410));
        } else {
            var parts = List.of(path.split("/namespaces/", 2));
            var scope = parts.size() == 1 ? new String[0] : parts.get(1).split("/");
            if (scope.length == 1) {
                get(exchange, "/api/v1/namespaces", "/" + scope[0]);
            } else if (scope.length == 3) {
                get(exchange, parts.get(0) + "/" + scope[1], scope[0] + "/" + scope[2]);
            } else {
                list(
                        exchange,
                        scope.length == 2 ? parts.get(0) + "/" + scope[1] : path,
                        scope.length == 2 ? scope[0] + "/" : "",
                        query);
            }
        }
    }

    private void get(HttpExchange exchange, String path, String key) throws IOException {
        var held = objects.getOrDefault(path, Map.of()).get(key);
        if (held == null) {
            send(exchange, 404, status(404));
            return;
        }
        var kind = held.substring(0, held.indexOf('\n'));
        send(exchange, 200, "{\"kind\":\"" + kind + "\"," + held.substring(held.indexOf('\n') + 2));
    }

    private void list(HttpExchange exchange, String path, String prefix, Map<String, String> query) throws IOException {
        var held = objects.get(path);
        if (held == null) {
            send(exchange, 404, status(404));
            return;
        }
        var name = query.getOrDefault("fieldSelector", "").replace("metadata.name=", "");
        var limit = Integer.parseInt(query.getOrDefault("limit", "500"));
        var body = new StringBuilder("{\"items\":[");
        var next = "";
        var last = "";
        var count = 0;
        for (var entry : new TreeMap<>(held)
                .tailMap(query.getOrDefault("continue", ""), false)
                .entrySet()) {
            if (!entry.getKey().startsWith(prefix)
                    || !(name.isEmpty() || entry.getKey().endsWith("/" + name))
                    || !isSelected(entry.getValue(), query.getOrDefault("labelSelector", ""))) {
                continue;
            }
            if (count == limit) {
                next = last;
                break;
            }
            body.append(count++ == 0 ? "" : ",")
                    .append(entry.getValue().substring(entry.getValue().indexOf('\n') + 1));
            last = entry.getKey();
        }
        var whole = body + "],\"metadata\":{\"resourceVersion\":\"1\",\"continue\":\"" + next + "\"}}";
        if (whole.length() < PACKED_FROM
                || !"gzip".equals(exchange.getRequestHeaders().getFirst("Accept-Encoding"))) {
            send(exchange, 200, whole);
            return;
        }
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.sendResponseHeaders(200, 0);
        try (var packed = new GZIPOutputStream(exchange.getResponseBody())) {
            packed.write(whole.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Understands {@code !label}, and several of them. */
    private static boolean isSelected(String held, String selector) {
        var labels = JSON.readTree(held.substring(held.indexOf('\n') + 1)).at("/metadata/labels");
        return selector.isEmpty()
                || List.of(selector.split(",", -1)).stream().noneMatch(absent -> labels.has(absent.substring(1)));
    }

    private static Map<String, String> query(String raw) {
        var query = new HashMap<String, String>();
        if (raw != null) {
            for (var part : raw.split("&", -1)) {
                var pair = part.split("=", 2);
                query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static String status(int code) {
        return "{\"kind\":\"Status\",\"code\":" + code + "}";
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
