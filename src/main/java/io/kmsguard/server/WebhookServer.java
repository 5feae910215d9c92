// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.javalin.Javalin;
import io.javalin.util.JavalinException;
import io.kmsguard.admission.ReviewService;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running webhook: reviews over HTTPS on one port, health and metrics on another.
 *
 * <pre>{@code
 * var settings = ServerSettings.builder().host("127.0.0.1").port(0).opsPort(0).build();
 * var certificates = DevelopmentCertificates.make(List.of(), Instant.now()); // or CertificateSource.directory(path)
 * var metrics = new WebhookMetrics();        // hand it on to whoever counts decisions
 * var readiness = new Readiness();
 * readiness.require("world", () -> world.isRead() ? State.ok() : State.not("the first list is not done"));
 * var server = WebhookServer.start(
 *         settings, CertificateSource.fixed(certificates.serving()), reviews, metrics, readiness);
 * Runtime.getRuntime().addShutdownHook(new Thread(server::drain)); // serve; a demo calls close()
 * server.port();                              // clients trust certificates.caPem()
 * }</pre>
 *
 * Whoever starts it keeps the metrics and closes them after it.
 */
public final class WebhookServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookServer.class);

    /** Long enough for every process; the certificate never leaves memory. */
    private static final Duration OWN_CLIENT_VALIDITY = Duration.ofDays(3_650);

    private final ServerSettings settings;
    private final Javalin reviews;
    private final Javalin ops;
    private final Upkeep upkeep;
    private final int port;
    private final int opsPort;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch delayOver = new CountDownLatch(1);

    private WebhookServer(ServerSettings settings, Javalin reviews, Javalin ops, Upkeep upkeep) {
        this.settings = settings;
        this.reviews = reviews;
        this.ops = ops;
        this.upkeep = upkeep;
        this.port = reviews.port();
        this.opsPort = ops.port();
    }

    /**
     * Opens both ports and returns; readiness follows when a self-review succeeded. Its own three
     * conditions, of certificate, self-review and drain, are added to those there are.
     *
     * @throws CannotStart with what an operator has to mend: a setting, a certificate file, a taken port
     */
    public static WebhookServer start(
            ServerSettings settings,
            CertificateSource certificates,
            ReviewService service,
            WebhookMetrics metrics,
            Readiness readiness)
            throws CannotStart {
        var problems = SettingsCheck.problems(settings);
        if (!problems.isEmpty()) {
            throw new CannotStart(String.join(" ", problems));
        }
        readiness.require("certificate", () -> Readiness.State.not("not read yet"));
        readiness.require("self-review", () -> Readiness.State.not("not made yet"));
        readiness.require("serving", () -> Readiness.State.not("not started yet"));
        metrics.readiness(readiness);
        // First, and while a certificate may still be on its way: who asks for health need not wait for it.
        var ops = new OpsPort(settings, metrics, readiness).create();
        HttpServer.start(ops, "ops-port", settings.opsPort());
        try {
            return start(settings, certificates, service, metrics, readiness, ops);
        } catch (CannotStart trouble) {
            ops.stop();
            throw trouble;
        }
    }

    private static WebhookServer start(
            ServerSettings settings,
            CertificateSource certificates,
            ReviewService service,
            WebhookMetrics metrics,
            Readiness readiness,
            Javalin ops)
            throws CannotStart {
        var ownClient = settings.clientCa().map(file -> ownClient());
        var certificate = new CertificateInUse(settings, certificates, ownClient, metrics);
        var reviews = new ReviewPort(settings, certificate, service, metrics).create();
        HttpServer.start(reviews, "port", settings.port());
        metrics.certificate(certificate);
        readiness.require("certificate", certificate::state);
        var upkeep = new Upkeep(certificate, new SelfReview(settings, reviews.port(), certificate, ownClient));
        var server = new WebhookServer(settings, reviews, ops, upkeep);
        readiness.require("self-review", upkeep::reviewed);
        readiness.require("serving", server::serving);
        upkeep.start(settings.reloadInterval());
        LOG.atInfo()
                .addKeyValue("port", server.port())
                .addKeyValue("opsPort", server.opsPort())
                .addKeyValue("notAfter", certificate.current().notAfter())
                .log("started");
        return server;
    }

    private static ServingCertificate ownClient() {
        return new Issuer("kms-guard self-review", Instant.now(), OWN_CLIENT_VALIDITY)
                .client("kms-guard self-review", OWN_CLIENT_VALIDITY);
    }

    private Readiness.State serving() {
        return draining.get() ? Readiness.State.not("draining") : Readiness.State.ok();
    }

    /** The port that takes reviews. */
    public int port() {
        return port;
    }

    /** The port of health and metrics. */
    public int opsPort() {
        return opsPort;
    }

    /**
     * Ends without losing a review, and returns when that is done: not ready any more, but answering as before, each connection
     * told to close with its next answer; after the delay no new ones, what runs is answered, and all is closed. A second call
     * waits for nothing.
     */
    public void drain() {
        if (!draining.compareAndSet(false, true)) {
            return;
        }
        LOG.atInfo().addKeyValue("delay", settings.drainDelay()).log("draining");
        for (var connector : reviews.jettyServer().server().getConnectors()) {
            connector
                    .getConnectionFactory(HttpConnectionFactory.class)
                    .getHttpConfiguration()
                    .setPersistentConnectionsEnabled(false);
        }
        try {
            if (delayOver.await(settings.drainDelay().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("closed before the drain's delay was over");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /** Ends without the delay: what runs is answered, new calls are not. */
    @Override
    public void close() {
        draining.set(true);
        delayOver.countDown();
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        upkeep.stop();
        stop(reviews, "reviews were cut when the time to stop was over");
        stop(ops, "the port of health and metrics did not stop cleanly");
        LOG.info("stopped");
    }

    private static void stop(Javalin app, String trouble) {
        try {
            app.stop();
        } catch (JavalinException late) {
            LOG.atWarn().setCause(late).log(trouble);
        }
    }
}
