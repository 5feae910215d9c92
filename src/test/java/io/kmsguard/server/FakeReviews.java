// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ReviewService;
import io.kmsguard.admission.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/** Allows whatever has a uid, and remembers how it was asked. */
final class FakeReviews implements ReviewService {

    private static final Pattern UID = Pattern.compile("\"uid\":\"([^\"]*)\"");

    record Call(Webhook webhook, int bytes, Duration time) {}

    final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();

    @Override
    public Answer answer(Webhook webhook, byte[] body, Deadline deadline) {
        var uid = UID.matcher(new String(body, StandardCharsets.UTF_8));
        if (!uid.find()) {
            return Answer.noReview("This is no AdmissionReview.");
        }
        if (!uid.group(1).contains("-")) {
            // Self-reviews have a random UUID.
            calls.add(new Call(webhook, body.length, deadline.remaining()));
        }
        return Answer.review("{\"response\":{\"uid\":\"%s\",\"allowed\":true}}"
                .formatted(uid.group(1))
                .getBytes(StandardCharsets.UTF_8));
    }

    static byte[] review(String uid) {
        return "{\"request\":{\"uid\":\"%s\"}}".formatted(uid).getBytes(StandardCharsets.UTF_8);
    }

    /** A review of exactly that many bytes. */
    static byte[] review(String uid, int bytes) {
        var review = new String(review(uid), StandardCharsets.UTF_8);
        return (review + " ".repeat(bytes - review.length())).getBytes(StandardCharsets.UTF_8);
    }
}
