// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.util.Optional;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both ports have in common: Javalin without its banner, error pages, compression and guesses. */
final class HttpServer {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private HttpServer() {}

    /** Applies what both have in common. */
    static void configure(JavalinConfig config, Refusals refusals) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.prefer405over404 = true;
        config.http.defaultContentType = Refusals.PLAIN;
        config.jetty.modifyHttpConfiguration(HttpServer::configure);
        config.jetty.modifyServletContextHandler(context -> context.setErrorHandler(refusals));
        config.jetty.modifyServer(server -> {
            server.setErrorHandler(refusals);
            // It shortens every connection's patience to a second as soon as the few threads are busy: resets under
            // load.
            Optional.ofNullable(server.getBean(LowResourceMonitor.class)).ifPresent(server::removeBean);
        });
        config.routes.exception(
                HttpResponseException.class, (answer, call) -> refuse(answer.getStatus(), call, refusals));
        config.routes.exception(Exception.class, (bug, call) -> failed(bug, call, refusals));
        config.router.javaLangErrorHandler((response, error) -> {
            LOG.atError().setCause(error).log("a call ended in an error of the machine");
            response.setStatus(500);
        });
    }

    private static void configure(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        // Jetty's own 1,024 is a table of 97 KB for each connection, to save the parsing of some short headers.
        http.setHeaderCacheSize(0);
    }

    private static void refuse(int status, Context call, Refusals refusals) {
        var refusal = refusals.of(status);
        refusals.tell(refusal, call.path(), call.ip());
        call.status(status).contentType(Refusals.PLAIN).result(refusal.line());
    }

    private static void failed(Exception bug, Context call, Refusals refusals) {
        LOG.atError().setCause(bug).log("a call ended in a bug");
        var refusal = refusals.of(500);
        call.status(500).contentType(Refusals.PLAIN).result(refusal.line());
    }

    /** Starts it, or says why not. */
    static void start(Javalin app, String setting, int port) throws CannotStart {
        try {
            app.start();
        } catch (JavalinBindException taken) {
            throw new CannotStart("Port %d cannot be had. Stop what listens there, or set %s to another one."
                    .formatted(port, setting));
        } catch (JavalinException other) {
            var cause = Optional.ofNullable(other.getCause()).orElse(other);
            throw new CannotStart("Port %d cannot be opened: %s. Is the host an address of this machine?"
                    .formatted(port, cause.getMessage()));
        }
    }
}
