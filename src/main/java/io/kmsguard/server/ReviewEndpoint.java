// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.NotFoundResponse;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ReviewService;
import io.kmsguard.admission.Webhook;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One webhook's call: HTTP to bytes and deadline, and the answer back. The one boundary for bugs of the judge. */
final class ReviewEndpoint implements Handler {

    private static final Logger LOG = LoggerFactory.getLogger(ReviewEndpoint.class);

    private final Webhook webhook;
    private final ReviewService service;
    private final ReviewTime time;
    private final Refusals refusals;
    private final ReviewMeters meters;

    ReviewEndpoint(Webhook webhook, ReviewService service, ReviewTime time, Refusals refusals, ReviewMeters meters) {
        this.webhook = webhook;
        this.service = service;
        this.time = time;
        this.refusals = refusals;
        this.meters = meters;
    }

    @Override
    public void handle(Context call) {
        var request = ServletContextRequest.getServletContextRequest(call.req());
        var arrived = request.getHeadersNanoTime();
        meters.started();
        try {
            answer(call, arrived);
        } catch (IOException gone) {
            LOG.debug("the caller did not wait for its answer");
        } finally {
            meters.answered(call.statusCode(), System.nanoTime() - arrived);
        }
    }

    private void answer(Context call, long arrived) throws IOException {
        if (!(call.req().getAttribute(ReviewBody.ATTRIBUTE) instanceof ReviewBody body)) {
            // Javalin also takes the path with a slash at its end, which the API server never sends.
            throw new NotFoundResponse();
        }
        try (body) {
            var waited = System.nanoTime() - arrived;
            var timeout = Optional.ofNullable(call.queryParam("timeout"));
            judge(call, body.bytes(), Deadline.in(time.of(timeout).minusNanos(waited)));
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

    /**
     * Not by Javalin's {@code result}, which copies the answer through buffers that are larger than most answers. Jetty tells its
     * length: were it told here, the answer would be sent with its last byte, before the call is counted.
     */
    private static void say(Context call, int status, String type, byte[] answer) throws IOException {
        call.status(status).contentType(type);
        call.res().getOutputStream().write(answer);
    }
}
