// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.kmsguard.admission.ReviewService;
import io.kmsguard.admission.Webhook;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.QoSHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Reviews over HTTPS: a few threads, a bound on reviews at one time, a bound on those that wait, and 503 beyond. Platform
 * threads on purpose: virtual ones would take away the bound, and a review computes more than it waits.
 */
final class ReviewPort {

    /** Connections that the kernel holds for us before they are accepted; Java's own 50 is below one burst. */
    private static final int ACCEPT_QUEUE = 1_024;

    /** One, not none: without a thread that accepts, Jetty keeps the port open while it stops, and calls arrive for nobody. */
    private static final int ACCEPTORS = 1;

    private static final int SELECTORS = 1;

    private final ServerSettings settings;
    private final CertificateInUse certificate;
    private final ReviewService service;
    private final WebhookMetrics metrics;

    ReviewPort(ServerSettings settings, CertificateInUse certificate, ReviewService service, WebhookMetrics metrics) {
        this.settings = settings;
        this.certificate = certificate;
        this.service = service;
        this.metrics = metrics;
    }

    /** Not yet started. */
    Javalin create() {
        return Javalin.create(this::configure);
    }

    private void configure(JavalinConfig config) {
        var refusals = new Refusals(metrics, Refusal::of);
        HttpServer.configure(config, refusals);
        var threads = new QueuedThreadPool(settings.threads(), Math.min(settings.threads(), 8));
        threads.setName("kms-guard-review");
        config.jetty.threadPool = threads;
        var time = new ReviewTime(settings.defaultTimeout(), settings.deadlineMargin());
        config.jetty.modifyServer(server -> bound(server, time, refusals));
        config.jetty.addConnector(this::connector);
        for (var webhook : Webhook.values()) {
            config.routes.post(
                    webhook.path(), new ReviewEndpoint(webhook, service, time, refusals, metrics.of(webhook)));
        }
    }

    private void bound(Server server, ReviewTime time, Refusals refusals) {
        server.setStopTimeout(settings.stopTimeout().toMillis());
        server.addBean(new NetworkConnectionLimit(settings.connections(), server));
        var turns = new QoSHandler();
        turns.setMaxRequestCount(settings.concurrentReviews());
        turns.setMaxSuspendedRequestCount(settings.waitingReviews());
        turns.setMaxSuspend(settings.defaultTimeout());
        var webhooks =
                Arrays.stream(Webhook.values()).collect(Collectors.toUnmodifiableMap(Webhook::path, metrics::of));
        var bodies = new BodyHandler(webhooks, time, settings.bodyLimit(), refusals);
        bodies.setHandler(turns);
        server.setHandler(new GracefulHandler(bodies));
    }

    private Connector connector(Server server, HttpConfiguration http) {
        // Callers come by the names of Services, by addresses and through proxies.
        http.addCustomizer(new SecureRequestCustomizer(false));
        var connector = new ServerConnector(
                server,
                null,
                null,
                null,
                ACCEPTORS,
                SELECTORS,
                new SslConnectionFactory(certificate.jetty(), "http/1.1"),
                new HttpConnectionFactory(http));
        settings.host().ifPresent(connector::setHost);
        connector.setPort(settings.port());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(settings.idleTimeout().toMillis());
        connector.addBean(new Callers(settings.connections() * 3 / 4, connector.getScheduler()));
        return connector;
    }
}
