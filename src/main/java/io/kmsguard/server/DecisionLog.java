// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.kmsguard.admission.AdmissionRequest;
import io.kmsguard.admission.ReviewListener;
import io.kmsguard.admission.Verdict;
import io.kmsguard.admission.Webhook;
import io.kmsguard.injection.PatchOperation;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Judgement;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line for each decision, and counts it. The line says who did what to which object and which rules spoke; never
 * what is in the object, so no configuration and no key. Names, which a caller chooses, are cut and freed of what a terminal
 * would obey.
 */
public final class DecisionLog implements ReviewListener {

    private static final Logger LOG = LoggerFactory.getLogger(DecisionLog.class);

    /** As long as a name in Kubernetes can be. */
    private static final int LONGEST = 253;

    private final WebhookMetrics metrics;

    /** A log that counts there. */
    public DecisionLog(WebhookMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void reviewed(Webhook webhook, AdmissionRequest request, Verdict verdict, Duration took) {
        var outcome = outcome(verdict);
        count(verdict, outcome);
        LOG.atInfo()
                .addKeyValue("webhook", webhook.path())
                .addKeyValue("uid", text(request.uid()))
                .addKeyValue("operation", request.operation().map(Enum::name).orElse(""))
                .addKeyValue("kind", text(request.kind()))
                .addKeyValue("namespace", text(request.namespace()))
                .addKeyValue("name", text(request.name()))
                .addKeyValue("user", text(request.user()))
                .addKeyValue("dryRun", request.dryRun())
                .addKeyValue("decision", outcome.decision())
                .addKeyValue("rules", outcome.rules())
                .addKeyValue("injected", outcome.injected())
                .addKeyValue("milliseconds", Math.round(took.toNanos() / 1e3) / 1e3)
                .log("decided");
    }

    /**
     * A verdict in short.
     *
     * @param decision {@code deny}, {@code warn}, {@code allow}, or {@code unguarded}
     * @param rules the rules that spoke, each with its action: {@code kms-migration:deny}
     * @param injected entries that were added
     */
    private record Outcome(String decision, List<String> rules, int injected) {}

    private static Outcome outcome(Verdict verdict) {
        if (verdict instanceof Verdict.Validated validated) {
            var rules = validated.judgement().rulings().stream()
                    .map(ruling ->
                            ruling.finding().rule().id() + ":" + ruling.action().id())
                    .distinct()
                    .toList();
            return new Outcome(validated.judgement().decision().id(), rules, 0);
        }
        if (verdict instanceof Verdict.Completed completed) {
            var injected = (int) completed.completion().operations().stream()
                    .filter(DecisionLog::isEntry)
                    .count();
            return new Outcome(completed.completion().notes().isEmpty() ? "allow" : "warn", List.of(), injected);
        }
        return new Outcome(verdict instanceof Verdict.Malformed ? "deny" : "unguarded", List.of(), 0);
    }

    /** A list that has first to be made is no injection. */
    private static boolean isEntry(PatchOperation operation) {
        return operation.path().endsWith("/-");
    }

    private void count(Verdict verdict, Outcome outcome) {
        for (var injected = 0; injected < outcome.injected(); injected++) {
            metrics.injection();
        }
        if (verdict instanceof Verdict.Validated validated) {
            count(validated.judgement());
        } else if (verdict instanceof Verdict.Malformed) {
            metrics.decision("malformed", "deny");
        }
    }

    private void count(Judgement judgement) {
        if (judgement.rulings().isEmpty()) {
            metrics.decision("none", "allow");
        }
        for (var ruling : judgement.rulings()) {
            metrics.decision(ruling.finding().rule().id(), ruling.action().id());
            if (ruling.finding().ground() == Finding.Ground.UNKNOWN) {
                metrics.unknownFact();
            }
        }
    }

    /** JSON escapes the control characters of ASCII only; terminals know others, and marks that turn the text around. */
    private static String text(String name) {
        var cut = name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "…";
        return cut.chars().allMatch(DecisionLog::isHarmless)
                ? cut
                : cut.codePoints()
                        .map(character -> isHarmless(character) ? character : '\uFFFD')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
