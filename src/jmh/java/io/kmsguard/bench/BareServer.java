// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.bench;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the guard is measured beside: Javalin, the client of a cluster, one lookup and an answer in JSON over TLS, and nothing of
 * the guard's. Stops as the guard does. The first argument is a key store of the password {@code changeit}; those of {@code serve}
 * follow, of which it heeds {@code --port} and whether it is {@code --installed-as} something: else there is no cluster and no lookup.
 */
public final class BareServer {

    private static final JsonMapper JSON = new JsonMapper();

    private BareServer() {}

    public static void main(String[] args) {
        var arguments = List.of(args);
        var isNew = arguments.contains("--installed-as") ? lookup() : (BooleanSupplier) () -> true;
        var port = Integer.parseInt(arguments.get(arguments.indexOf("--port") + 1));
        var app = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.jetty.threadPool = new QueuedThreadPool(16, 4);
            config.jetty.addConnector((server, http) -> reviews(server, http, args[0], port));
            config.jetty.addConnector((server, http) -> onLoopback(new ServerConnector(server), 0));
            config.routes.get("/readyz", call -> call.result("ok"));
            for (var path : List.of("/validate", "/mutate")) {
                config.routes.post(path, call -> answer(call, isNew));
            }
        });
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
        app.start();
        System.err.println("reviews at https://127.0.0.1:" + port(app, 0) + ", health and metrics at http://127.0.0.1:"
                + port(app, 1) + ";");
    }

    private static BooleanSupplier lookup() {
        var client = new KubernetesClientBuilder()
                .withConfig(Config.autoConfigure(null))
                .build();
        return () -> client.namespaces().withName("sv").get() == null;
    }

    private static ServerConnector reviews(Server server, HttpConfiguration http, String keys, int port) {
        var tls = new SslContextFactory.Server();
        tls.setKeyStorePath(keys);
        tls.setKeyStorePassword("changeit");
        http.addCustomizer(new SecureRequestCustomizer(false));
        return onLoopback(new ServerConnector(server, tls, new HttpConnectionFactory(http)), port);
    }

    private static ServerConnector onLoopback(ServerConnector connector, int port) {
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        return connector;
    }

    private static int port(Javalin app, int connector) {
        return ((ServerConnector) app.jettyServer().server().getConnectors()[connector]).getLocalPort();
    }

    private static void answer(Context call, BooleanSupplier isNew) {
        var uid = JSON.readTree(call.bodyAsBytes()).path("request").path("uid").asString("");
        var review = JSON.createObjectNode();
        review.putObject("response").put("uid", uid).put("allowed", isNew.getAsBoolean());
        call.contentType("application/json").result(JSON.writeValueAsBytes(review));
    }
}
