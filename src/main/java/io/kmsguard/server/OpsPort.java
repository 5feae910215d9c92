// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Health and metrics over plain HTTP, with threads of their own: a flood of reviews must not look like a dead process. */
final class OpsPort {

    private static final int THREADS = 4;

    private final ServerSettings settings;
    private final WebhookMetrics metrics;
    private final Readiness readiness;

    OpsPort(ServerSettings settings, WebhookMetrics metrics, Readiness readiness) {
        this.settings = settings;
        this.metrics = metrics;
        this.readiness = readiness;
    }

    /** Not yet started. */
    Javalin create() {
        return Javalin.create(this::configure);
    }

    private void configure(JavalinConfig config) {
        HttpServer.configure(config, new Refusals(metrics, OpsPort::refusal));
        var threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("kms-guard-ops");
        config.jetty.threadPool = threads;
        config.jetty.addConnector((server, http) -> {
            var connector = new ServerConnector(server, null, null, null, 0, 1, new HttpConnectionFactory(http));
            settings.opsHost().ifPresent(connector::setHost);
            connector.setPort(settings.opsPort());
            return connector;
        });
        config.routes.get("/healthz", call -> call.result("ok\n"));
        config.routes.get("/readyz", this::ready);
        config.routes.get(
                "/metrics",
                call -> call.contentType("text/plain; version=0.0.4; charset=utf-8")
                        .result(metrics.scrape()));
    }

    /** In the form of the API server's own {@code /readyz?verbose}. */
    private void ready(Context call) {
        var text = new StringBuilder();
        var states = readiness.states();
        states.forEach((name, state) -> text.append(state.ready() ? "[+]" : "[-]")
                .append(name)
                .append(state.ready() ? " ok" : " not ready")
                .append(state.detail().isEmpty() ? "" : ": " + state.detail())
                .append('\n'));
        var ready = states.values().stream().allMatch(Readiness.State::ready);
        call.status(ready ? 200 : 503)
                .result(text.append(ready ? "readyz check passed\n" : "readyz check failed\n")
                        .toString());
    }

    private static Refusal refusal(int status) {
        return switch (status) {
            case 404, 405 -> new Refusal(status, "There are only GET /healthz, GET /readyz and GET /metrics here.");
            default -> Refusal.of(status);
        };
    }
}
