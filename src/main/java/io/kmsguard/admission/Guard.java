// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.injection.PatchOperation;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Operation;
import io.kmsguard.splice.ObjectRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers AdmissionReviews: the straight line from bytes to bytes. */
public final class Guard implements ReviewService {

    private final Supplier<Judge> judge;
    private final Surroundings world;
    private final ReviewListener listener;

    /** Judges always by the same. */
    public Guard(Judge judge, Surroundings world, ReviewListener listener) {
        this(() -> judge, world, listener);
    }

    /** Judges by what is in force when a review comes, each review wholly by one. */
    public Guard(Supplier<Judge> judge, Surroundings world, ReviewListener listener) {
        this.judge = judge;
        this.world = world;
        this.listener = listener;
    }

    @Override
    public Answer answer(Webhook webhook, byte[] body, Deadline deadline) {
        var start = System.nanoTime();
        var reading = AdmissionReviews.read(body);
        if (reading instanceof AdmissionReviews.Reading.NoReview none) {
            return Answer.noReview(none.why());
        }
        var request = ((AdmissionReviews.Reading.Read) reading).request();
        var verdict = verdict(webhook, request, deadline);
        var answer = Answer.review(write(request, verdict));
        listener.reviewed(webhook, request, verdict, Duration.ofNanos(System.nanoTime() - start));
        return answer;
    }

    private Verdict verdict(Webhook webhook, AdmissionRequest request, Deadline deadline) {
        var object = request.operation().filter(Operation.DELETE::equals).isPresent()
                ? request.oldObject()
                : request.object();
        if (object.isEmpty()
                || request.operation().isEmpty()
                || !request.subResource().isEmpty()) {
            return new Verdict.Unguarded();
        }
        var change = new Change(
                request.operation().get(),
                request.kind(),
                request.namespace(),
                object.get(),
                request.operation().filter(Operation.UPDATE::equals).flatMap(update -> request.oldObject()),
                request.dryRun());
        return webhook == Webhook.MUTATE
                ? judge.get().complete(change, world, deadline)
                : judge.get().validate(change, world, deadline);
    }

    private static byte[] write(AdmissionRequest request, Verdict verdict) {
        if (verdict instanceof Verdict.Malformed malformed) {
            var message = new ObjectRef(request.kind(), request.namespace(), request.name()) + ": " + malformed.path()
                    + " " + malformed.reason() + ", so it cannot be judged.";
            return AdmissionReviews.denied(
                    request, new Denial(message, List.of()), List.of(), AdmissionReviews.object());
        }
        if (verdict instanceof Verdict.Completed completed) {
            var completion = completed.completion();
            return AdmissionReviews.allowed(
                    request,
                    Wording.warnings(Judgement.CLEAN, completion.notes()),
                    patch(completion.operations()),
                    AdmissionReviews.object());
        }
        if (verdict instanceof Verdict.Validated validated) {
            var judgement = validated.judgement();
            var warnings = Wording.warnings(judgement, List.of());
            return judgement.decision() == Judgement.Decision.DENY
                    ? AdmissionReviews.denied(
                            request, Wording.denial(validated.object().ref(), judgement), warnings, audit(judgement))
                    : AdmissionReviews.allowed(request, warnings, Optional.empty(), audit(judgement));
        }
        return AdmissionReviews.allowed(request, List.of(), Optional.empty(), AdmissionReviews.object());
    }

    private static Optional<JsonNode> patch(List<PatchOperation> operations) {
        return operations.isEmpty() ? Optional.empty() : Optional.of(Patches.toJson(operations));
    }

    /** For the API server's audit log, which puts the webhook's name before each key. */
    private static ObjectNode audit(Judgement judgement) {
        var audit = AdmissionReviews.object();
        if (!judgement.rulings().isEmpty()) {
            audit.put("decision", judgement.decision().id());
            for (var action : List.of(Action.DENY, Action.WARN, Action.UNSEEN, Action.AUDIT)) {
                var rules = new TreeSet<String>();
                judgement
                        .with(action)
                        .forEach(ruling -> rules.add(ruling.finding().rule().id()));
                if (!rules.isEmpty()) {
                    audit.put(action.id(), String.join(",", rules));
                }
            }
        }
        return audit;
    }
}
