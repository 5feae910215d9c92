// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An API server that keeps what it is sent, with versions and conflicts as the real one has them, or refuses what a test says. */
final class StoringApiServer implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final Map<String, JsonNode> discovery = new ConcurrentHashMap<>();
    private final Map<String, String> groups = new TreeMap<>();
    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    private final List<String> writes = new CopyOnWriteArrayList<>();
    private int version = 100;

    private record Refusal(int code, String cause) {}

    StoringApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        discovery.put("/apis", JSON.readTree("{\"kind\":\"APIGroupList\",\"groups\":[]}"));
        server.createContext("/", this::answer);
        server.start();
    }

    ClusterClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .build();
        return ClusterClient.of(new ClusterAccess.Configured(config, "a test"));
    }

    /** A custom resource definition. */
    void serves(String group, String version, String resource) {
        groups.put(group, version);
        var all = groups.entrySet().stream()
                .map(each ->
                        "{\"name\":\"" + each.getKey() + "\",\"versions\":[{\"version\":\"" + each.getValue() + "\"}]}")
                .collect(Collectors.joining(","));
        discovery.put("/apis", JSON.readTree("{\"kind\":\"APIGroupList\",\"groups\":[" + all + "]}"));
        discovery.put(
                "/apis/" + group + "/" + version,
                JSON.readTree("{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"" + resource + "\"}]}"));
    }

    /** Answers every request of that method, to a path that begins so, with that code. */
    void refuses(String method, String path, int code) {
        refuses(method, path, code, "");
    }

    void refuses(String method, String path, int code, String cause) {
        refusals.put(method + " " + path, new Refusal(code, cause));
    }

    void allowsAll() {
        refusals.clear();
    }

    /** The writes that arrived since the last call: method and path. */
    List<String> writes() {
        var all = List.copyOf(writes);
        writes.clear();
        return all;
    }

    /** What is there, by path. */
    synchronized Map<String, ObjectNode> objects() {
        return new TreeMap<>(objects);
    }

    synchronized void put(String path, String json) {
        store(path, (ObjectNode) JSON.readTree(json));
    }

    synchronized void remove(String path) {
        objects.remove(path);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        var method = exchange.getRequestMethod();
        var path = exchange.getRequestURI().getPath();
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!method.equals("GET")) {
            writes.add(method + " " + path);
        }
        var refusal = refusals.entrySet().stream()
                .filter(each -> (method + " " + path).startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
        if (refusal.isPresent()) {
            send(
                    exchange,
                    refusal.get().code(),
                    status(refusal.get().code(), refusal.get().cause()));
        } else {
            switch (method) {
                case "GET" -> get(exchange, path);
                case "POST" -> post(exchange, path, (ObjectNode) JSON.readTree(body));
                default -> change(exchange, method, path, (ObjectNode) JSON.readTree(body));
            }
        }
    }

    private void get(HttpExchange exchange, String path) throws IOException {
        var found = Optional.ofNullable(discovery.get(path)).or(() -> Optional.ofNullable(objects.get(path)));
        var isServed = groups.entrySet().stream()
                .anyMatch(known -> path.startsWith("/apis/" + known.getKey() + "/" + known.getValue() + "/"));
        if (found.isPresent()) {
            send(exchange, 200, found.get().toString());
        } else if (isServed) {
            var resource = path.substring(path.lastIndexOf('/'));
            var items = objects.entrySet().stream()
                    .filter(each -> each.getKey().startsWith(path.substring(0, path.lastIndexOf('/') + 1))
                            && each.getKey().contains(resource + "/")
                            && each.getValue()
                                    .at("/metadata/labels/app.kubernetes.io~1managed-by")
                                    .asString("")
                                    .equals("kms-guard"))
                    .map(each -> each.getValue().toString())
                    .collect(Collectors.joining(","));
            send(exchange, 200, "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + items + "]}");
        } else {
            send(exchange, 404, path.startsWith("/apis/") ? "404 page not found\n" : status(404, ""));
        }
    }

    private void post(HttpExchange exchange, String path, ObjectNode object) throws IOException {
        var at = path + "/" + object.at("/metadata/name").asString("");
        if (objects.containsKey(at)) {
            send(exchange, 409, status(409, ""));
        } else {
            send(exchange, 201, store(at, object).toString());
        }
    }

    private void change(HttpExchange exchange, String method, String path, ObjectNode body) throws IOException {
        var is = objects.get(path);
        if (is == null) {
            send(exchange, 404, status(404, ""));
        } else if (method.equals("DELETE")) {
            var same = body.at("/preconditions/uid").equals(is.at("/metadata/uid"));
            send(exchange, same ? 200 : 409, same ? "{}" : status(409, ""));
            if (same) {
                objects.remove(path);
            }
        } else if (method.equals("PATCH")) {
            body.properties().forEach(each -> is.set(each.getKey(), each.getValue()));
            send(exchange, 200, is.toString());
        } else if (body.at("/metadata/resourceVersion").equals(is.at("/metadata/resourceVersion"))) {
            send(exchange, 200, store(path, body).toString());
        } else {
            send(exchange, 409, status(409, ""));
        }
    }

    private ObjectNode store(String path, ObjectNode object) {
        version++;
        ((ObjectNode) object.path("metadata"))
                .put("resourceVersion", "" + version)
                .put("uid", "uid of " + path);
        objects.put(path, object);
        return object;
    }

    private static String status(int code, String cause) {
        return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":" + code
                + ",\"details\":{\"causes\":[{\"reason\":\"" + cause + "\"}]}}";
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
