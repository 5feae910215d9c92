// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a review come to its turn only when its whole body is here, so that a slow sender holds no thread and no turn. Not by
 * Jetty's EagerContentHandler: that keeps the buffers of the network, of which a sender of single bytes fills one with each, and
 * knows no bound on all bodies together.
 */
final class BodyHandler extends Handler.Wrapper {

    private static final Logger LOG = LoggerFactory.getLogger(BodyHandler.class);

    /** How long a caller may go on sending what nobody wants, so that it reads its answer before the connection is closed. */
    private static final long LINGER_SECONDS = 5;

    private final Map<String, ReviewMeters> webhooks;
    private final ReviewTime time;
    private final int limit;
    private final Refusals refusals;
    private final BodyRoom room = new BodyRoom();

    /**
     * Passes on every other call as it is.
     *
     * @param webhooks by path
     * @param limit bytes of the longest body
     */
    BodyHandler(Map<String, ReviewMeters> webhooks, ReviewTime time, int limit, Refusals refusals) {
        this.webhooks = Map.copyOf(webhooks);
        this.time = time;
        this.limit = limit;
        this.refusals = refusals;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var meters = webhooks.get(Request.getPathInContext(request));
        if (meters == null || !HttpMethod.POST.is(request.getMethod())) {
            return super.handle(request, response, callback);
        }
        var call = new Call(request, response, callback, meters);
        if (!isPlainJson(request)) {
            call.refused(Refusal.NO_JSON);
        } else if (request.getLength() > limit) {
            call.refused(Refusal.tooLong(limit));
        } else {
            new BodyReading(request, limit, room, getServer().getScheduler(), remaining(request), call).start();
        }
        return true;
    }

    private long remaining(Request request) {
        var timeout = Optional.ofNullable(
                        Request.extractQueryParameters(request).get("timeout"))
                .map(Fields.Field::getValue);
        return time.of(timeout).toNanos() - (System.nanoTime() - request.getHeadersNanoTime());
    }

    /** Kubernetes sends {@code application/json}; what a browser can be made to send is not taken for it. */
    private static boolean isPlainJson(Request request) {
        var type = Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE))
                .orElse("");
        var semicolon = type.indexOf(';');
        var media =
                (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        return media.equals("application/json") && !request.getHeaders().contains(HttpHeader.CONTENT_ENCODING);
    }

    /** One call to a webhook. */
    private final class Call implements BodyReading.Outcome {
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final ReviewMeters meters;

        Call(Request request, Response response, Callback callback, ReviewMeters meters) {
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.meters = meters;
        }

        /** Not all calls come to the endpoint that closes the body: some wait in vain for their turn. */
        @Override
        public void whole(ReviewBody body) {
            request.setAttribute(ReviewBody.ATTRIBUTE, body);
            Request.addCompletionListener(request, failure -> body.close());
            try {
                if (!BodyHandler.super.handle(request, response, callback)) {
                    Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
                }
            } catch (Exception bug) {
                LOG.atError().setCause(bug).log("a call ended in a bug");
                Response.writeError(request, response, callback, bug);
            }
        }

        @Override
        public void refused(Refusal refusal) {
            say(refusal, Callback.from(this::discard, callback::failed));
        }

        @Override
        public void abandoned(Refusal refusal) {
            say(refusal, callback);
        }

        private void say(Refusal refusal, Callback then) {
            meters.started();
            refusals.log(refusal, Request.getPathInContext(request), Request.getRemoteAddr(request));
            var line = refusal.line();
            response.setStatus(refusal.status());
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, Refusals.PLAIN);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, line.length);
            response.getHeaders().put(new HttpField(HttpHeader.CONNECTION, "close"));
            meters.answered(refusal.status(), System.nanoTime() - request.getHeadersNanoTime());
            response.write(true, ByteBuffer.wrap(line), then);
        }

        /**
         * Reads on what nobody wants, for some seconds at most: were the connection closed on a caller that is still sending, its
         * system would throw the answer away.
         */
        private void discard() {
            var isOver = new AtomicBoolean();
            Runnable end = () -> {
                if (isOver.compareAndSet(false, true)) {
                    callback.succeeded();
                }
            };
            var late = getServer().getScheduler().schedule(end, LINGER_SECONDS, TimeUnit.SECONDS);
            new Runnable() {
                @Override
                public void run() {
                    while (!isOver.get()) {
                        Content.Chunk chunk = request.read();
                        if (chunk == null) {
                            request.demand(this);
                            return;
                        }
                        var isLast = chunk.isLast();
                        chunk.release();
                        if (isLast) {
                            late.cancel();
                            end.run();
                        }
                    }
                }
            }.run();
        }
    }
}
