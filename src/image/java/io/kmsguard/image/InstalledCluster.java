// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The API server of a cluster in which the guard is installed and nothing else, as a pod finds it: over TLS, by its environment.
 * It keeps what is patched and tells those who watch.
 */
final class InstalledCluster implements AutoCloseable {

    static final String NAMESPACE = "kms-guard";
    static final String NAME = "kms-guard";

    /** The plural of a resource and the name of an object, if one is named. */
    private static final Pattern RESOURCE =
            Pattern.compile("/(?:api|apis/[^/]+)/[^/]+/(?:namespaces/[^/]+/)?([^/]+)(?:/([^/]+))?");

    private static final Pattern NAMED = Pattern.compile("fieldSelector=metadata\\.name(?:=|%3D)([^&]+)");
    private static final Pattern VERSION = Pattern.compile("resourceVersion=([0-9]+)");
    private static final String PASSWORD = "rehearsal";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory;
    private final HttpsServer server;
    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private int version;

    InstalledCluster(Path directory) throws Exception {
        this.directory = directory;
        put("v1", "Secret", "secrets", "kms-guard-certificates", "{}");
        put("v1", "ConfigMap", "configmaps", "kms-guard-identities", "{}");
        put("v1", "ConfigMap", "configmaps", "kms-guard-policy", """
                {"policy.yaml": "apiVersion: kms-guard.io/v1\\nkind: GuardPolicy\\n"}""");
        put("coordination.k8s.io/v1", "Lease", "leases", NAME, "{}");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new Preferring(tls()));
        server.setExecutor(Executors.newCachedThreadPool(call -> {
            var thread = new Thread(call);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    /** What a kubelet gives a pod. */
    Map<String, String> environment() throws IOException {
        return Map.of(
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                String.valueOf(server.getAddress().getPort()),
                "KUBERNETES_CERTS_CA_FILE",
                directory.resolve("ca.crt").toString(),
                "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN",
                Files.writeString(directory.resolve("token"), "rehearsal").toString(),
                "POD_NAME",
                "rehearsal",
                "HOME",
                directory.toString());
    }

    /** As an API server, which prefers the shorter keys where the processor has AES. */
    private static final class Preferring extends HttpsConfigurator {
        Preferring(SSLContext context) {
            super(context);
        }

        @Override
        public void configure(HttpsParameters connection) {
            var tls = getSSLContext().getDefaultSSLParameters();
            tls.setCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
            connection.setSSLParameters(tls);
        }
    }

    private void put(String apiVersion, String kind, String plural, String name, String data) {
        var path = "/" + (apiVersion.contains("/") ? "apis/" : "api/") + apiVersion + "/namespaces/" + NAMESPACE + "/"
                + plural + "/" + name;
        store(path, (ObjectNode) JSON.readTree("""
                {"apiVersion":"%s","kind":"%s","metadata":{"name":"%s","namespace":"%s"},"data":%s}""".formatted(apiVersion, kind, name, NAMESPACE, data)));
    }

    private SSLContext tls() throws Exception {
        var file = directory.resolve("api.p12").toString();
        keytool("-genkeypair", file, "-keyalg RSA -keysize 2048 -dname CN=api -ext san=ip:127.0.0.1");
        keytool("-exportcert", file, "-rfc -file " + directory.resolve("ca.crt"));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(Path.of(file).toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String command, String file, String more) throws Exception {
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var all = (keytool + " " + command + " -alias api -storepass " + PASSWORD + " -keystore " + file + " " + more);
        var process =
                new ProcessBuilder(all.split(" ")).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(output);
        }
    }

    private void answer(HttpExchange call) {
        try (call) {
            var path = call.getRequestURI().getPath();
            var query = Optional.ofNullable(call.getRequestURI().getRawQuery()).orElse("");
            var body = call.getRequestBody().readAllBytes();
            var resource = RESOURCE.matcher(path);
            if (!resource.matches()) {
                send(call, 404, JSON.createObjectNode().put("kind", "Status").put("code", 404));
            } else if (call.getRequestMethod().equals("PATCH")) {
                send(call, 200, patch(path, JSON.readTree(body)));
            } else if (resource.group(2) != null) {
                var found = get(path);
                send(call, found.isPresent() ? 200 : 404, found.orElseGet(JSON::createObjectNode));
            } else if (query.matches(".*\\bwatch=(1|true)\\b.*")) {
                watch(call, path, query);
            } else {
                send(call, 200, list(path, query));
            }
        } catch (IOException | InterruptedException hungUp) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange call, int code, JsonNode answer) throws IOException {
        var bytes = JSON.writeValueAsBytes(answer);
        call.getResponseHeaders().add("Content-Type", "application/json");
        call.sendResponseHeaders(code, bytes.length);
        call.getResponseBody().write(bytes);
    }

    private synchronized Optional<ObjectNode> get(String path) {
        return Optional.ofNullable(objects.get(path));
    }

    private synchronized void store(String path, ObjectNode object) {
        version++;
        ((ObjectNode) object.path("metadata")).put("resourceVersion", String.valueOf(version));
        objects.put(path, object);
        notifyAll();
    }

    private synchronized ObjectNode patch(String path, JsonNode patch) {
        var object = objects.get(path).deepCopy();
        merge(object, patch);
        store(path, object);
        return object;
    }

    /** JSON Merge Patch, RFC 7396. */
    private static void merge(ObjectNode object, JsonNode patch) {
        for (var field : patch.properties()) {
            var value = field.getValue();
            if (value.isNull()) {
                object.remove(field.getKey());
            } else if (value.isObject()) {
                merge(object.withObjectProperty(field.getKey()), value);
            } else {
                object.set(field.getKey(), value);
            }
        }
    }

    private synchronized ObjectNode list(String path, String query) {
        var list = JSON.createObjectNode().put("kind", "List").put("apiVersion", "v1");
        list.putObject("metadata").put("resourceVersion", String.valueOf(version));
        list.putArray("items").addAll(changed(path, query, 0));
        return list;
    }

    /** The objects of that kind that changed after that version. */
    private synchronized List<ObjectNode> changed(String path, String query, int since) {
        var name = NAMED.matcher(query);
        var start = path + "/" + (name.find() ? name.group(1) : "");
        return objects.entrySet().stream()
                .filter(each -> each.getKey().startsWith(start))
                .map(Map.Entry::getValue)
                .filter(object -> object.at("/metadata/resourceVersion").asInt() > since)
                .collect(Collectors.toList());
    }

    private void watch(HttpExchange call, String path, String query) throws IOException, InterruptedException {
        var from = VERSION.matcher(query);
        var seen = from.find() ? Integer.parseInt(from.group(1)) : 0;
        call.getResponseHeaders().add("Content-Type", "application/json");
        call.sendResponseHeaders(200, 0);
        call.getResponseBody().flush();
        while (true) {
            var latest = news(seen);
            for (var object : changed(path, query, seen)) {
                var event = JSON.createObjectNode().put("type", "MODIFIED").set("object", object);
                call.getResponseBody().write((event + "\n").getBytes(StandardCharsets.UTF_8));
            }
            call.getResponseBody().flush();
            seen = latest;
        }
    }

    private synchronized int news(int seen) throws InterruptedException {
        while (version <= seen) {
            wait();
        }
        return version;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
