// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ReviewService;
import io.kmsguard.admission.Webhook;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One webhook's call: HTTP to bytes and deadline, and the answer back. The one boundary for bugs of the judge. */
final class ReviewEndpoint implements Handler {

    private static final Logger LOG = LoggerFactory.getLogger(ReviewEndpoint.class);

    private final Webhook webhook;
    private final ReviewService service;
    private final ReviewTime time;
    private final ReviewBody body;
    private final Refusals refusals;
    private final ReviewMeters meters;

    ReviewEndpoint(
            Webhook webhook,
            ReviewService service,
            ReviewTime time,
            ReviewBody body,
            Refusals refusals,
            ReviewMeters meters) {
        this.webhook = webhook;
        this.service = service;
        this.time = time;
        this.body = body;
        this.refusals = refusals;
        this.meters = meters;
    }

    @Override
    public void handle(Context call) {
        var request = ServletContextRequest.getServletContextRequest(call.req());
        var arrived = request.getHeadersNanoTime();
        meters.started();
        try {
            answer(
                    call,
                    arrived,
                    request.getConnectionMetaData().getConnection().getEndPoint());
        } catch (IOException gone) {
            LOG.debug("the caller did not wait for its answer");
        } finally {
            meters.answered(call.statusCode(), System.nanoTime() - arrived);
        }
    }

    private void answer(Context call, long arrived, EndPoint connection) throws IOException {
        if (!isPlainJson(call)) {
            refuse(call, Refusal.NO_JSON, connection);
            return;
        }
        var waited = System.nanoTime() - arrived;
        var deadline = Deadline.in(
                time.of(Optional.ofNullable(call.queryParam("timeout"))).minusNanos(waited));
        var reading = read(call, deadline, connection);
        if (reading instanceof ReviewBody.Refused refused) {
            refuse(call, refused.refusal(), connection);
        } else if (reading instanceof ReviewBody.Whole whole) {
            try (whole) {
                judge(call, whole.bytes(), deadline);
            }
        }
    }

    private ReviewBody.Reading read(Context call, Deadline deadline, EndPoint connection) throws IOException {
        var idle = connection.getIdleTimeout();
        try {
            return body.read(
                    call.req().getInputStream(),
                    call.req().getContentLengthLong(),
                    deadline,
                    // A slow sender would hold one of few threads.
                    milliseconds -> connection.setIdleTimeout(Math.min(idle, milliseconds)));
        } finally {
            connection.setIdleTimeout(idle);
        }
    }

    private void judge(Context call, byte[] bytes, Deadline deadline) throws IOException {
        ReviewService.Answer answer;
        try {
            answer = service.answer(webhook, bytes, deadline);
        } catch (RuntimeException | StackOverflowError bug) {
            LOG.atError().setCause(bug).addKeyValue("webhook", webhook.path()).log("a review ended in a bug");
            say(call, Refusal.BUG.status(), Refusals.PLAIN, Refusal.BUG.line());
            return;
        }
        if (answer.status() == 200) {
            say(call, 200, "application/json", answer.body());
        } else {
            refusals.log(new Refusal(answer.status(), "This is no review."), webhook.path(), call.ip());
            say(call, answer.status(), Refusals.PLAIN, answer.body());
        }
    }

    /** Kubernetes sends {@code application/json}; what a browser can be made to send is not taken for it. */
    private static boolean isPlainJson(Context call) {
        var type = Optional.ofNullable(call.req().getContentType()).orElse("");
        var semicolon = type.indexOf(';');
        var media =
                (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        return media.equals("application/json") && call.header("Content-Encoding") == null;
    }

    /**
     * Answers before the body was read, and then lets it come for a moment: were the connection closed on a caller that is
     * still sending, its system would throw the answer away.
     */
    private void refuse(Context call, Refusal refusal, EndPoint connection) throws IOException {
        refusals.log(refusal, webhook.path(), call.ip());
        var line = refusal.line();
        call.header("Connection", "close");
        call.res().setContentLength(line.length);
        var idle = connection.getIdleTimeout();
        try {
            say(call, refusal.status(), Refusals.PLAIN, line);
            call.res().flushBuffer();
            body.discard(call.req().getInputStream(), milliseconds -> connection.setIdleTimeout(milliseconds));
        } finally {
            connection.setIdleTimeout(idle);
        }
    }

    /**
     * Not by Javalin's {@code result}, which copies the answer through buffers that are larger than most answers. Jetty tells its
     * length: were it told here, the answer would be sent with its last byte, before the call is counted.
     */
    private static void say(Context call, int status, String type, byte[] answer) throws IOException {
        call.status(status).contentType(type);
        call.res().getOutputStream().write(answer);
    }
}
