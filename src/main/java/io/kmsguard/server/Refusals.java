// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.nio.ByteBuffer;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where refused calls are told of: a line in the log, a count, and a plain sentence in the place of Jetty's pages. */
final class Refusals extends ErrorHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    static final String PLAIN = "text/plain;charset=utf-8";

    /** Characters of a path that are logged; a caller chooses it. */
    private static final int LOGGED = 100;

    private final WebhookMetrics metrics;
    private final Function<Integer, Refusal> sentences;

    Refusals(WebhookMetrics metrics, Function<Integer, Refusal> sentences) {
        this.metrics = metrics;
        this.sentences = sentences;
    }

    /** What is said of a status. */
    Refusal of(int status) {
        return sentences.apply(status);
    }

    /** Logs and counts a call that got no review. */
    void tell(Refusal refusal, String path, String caller) {
        metrics.refused(path, refusal.status());
        log(refusal, path, caller);
    }

    /** Logs a call that got no review and is counted with the reviews. */
    void log(Refusal refusal, String path, String caller) {
        LOG.atWarn()
                .addKeyValue("status", refusal.status())
                .addKeyValue("reason", refusal.sentence())
                .addKeyValue("path", path.length() > LOGGED ? path.substring(0, LOGGED) + "…" : path)
                .addKeyValue("caller", caller)
                .log("refused a call");
    }

    /** Answers for Jetty: calls that are no HTTP, and those beyond the bounds. */
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var refusal = sentences.apply(response.getStatus());
        tell(refusal, Request.getPathInContext(request), Request.getRemoteAddr(request));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, PLAIN);
        response.write(true, ByteBuffer.wrap(refusal.line()), callback);
        return true;
    }
}
