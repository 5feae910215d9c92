// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.WorkloadView;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.CometBftNode.KeySource;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what the guard made of each object, and why. */
final class ExplanationReport {

    private static final Map<Decision, String> DECISIONS = Map.of(
            Decision.DENY, "denied",
            Decision.WARN, "let pass with a warning",
            Decision.UNSEEN, "let pass with a warning of what is not seen here",
            Decision.ALLOW, "allowed");

    private final PrintStream out;

    ExplanationReport(PrintStream out) {
        this.out = out;
    }

    /**
     * Writes the objects.
     *
     * @return the exit code
     */
    int write(Explanation explanation, List<CheckReport.Result> results) {
        for (var result : results) {
            head(result);
            explanation.view(result).ifPresent(this::workload);
            judgement(explanation, result);
            injection(explanation, result);
            out.println();
        }
        if (results.isEmpty()) {
            out.println("Nothing to explain: no participant, SV app or governance key Secret here.");
        }
        var report = explanation.report();
        report.unjudged().forEach(object -> out.println("not judged: " + object.sentence()));
        report.errors()
                .forEach(error ->
                        out.println("error: " + Places.of(error.file(), error.line()) + ": " + error.message()));
        return new CheckReport(report.documents(), results, report.unjudged(), report.errors(), report.expired())
                .exitCode(FailOn.DENY);
    }

    private void head(CheckReport.Result result) {
        out.println(result.ref() + "  "
                + Places.of(result.manifest().file(), result.manifest().line()));
        line("Operation", result.operation().name());
    }

    private void line(String label, String text) {
        out.println("  " + label + ": " + text);
    }

    private void workload(WorkloadView view) {
        var workload = view.workload();
        line("Splice", workload.version().map(Object::toString).orElse("a release that cannot be told"));
        for (var container : workload.containers()) {
            if (container.roles().isEmpty()) {
                line("Container " + container.name(), "none of the guard's business");
                continue;
            }
            line(
                    "Container " + container.name(),
                    container.roles().stream().sorted().map(Role::id).collect(Collectors.joining(", ")));
            container(view, container);
        }
    }

    private void container(WorkloadView view, Container container) {
        container.config().unreadable().ifPresent(why -> line("  Configuration", why));
        container.config().unseen().forEach(what -> line("  Not seen", what));
        if (container.is(Role.PARTICIPANT)) {
            line("  Keys", keys(KmsState.of(container)));
            line("  Apps on it", apps(view.users()));
        }
        if (container.participantAddress().isPresent() || container.is(Role.SV_APP)) {
            line("  Participant", participant(view.participantOf(container)));
        }
        if (container.is(Role.SV_APP)) {
            container.cometBftNodes().forEach(node -> line("  CometBFT node " + node.name(), node(node)));
        }
    }

    private static String keys(KmsState state) {
        return "kept " + state.place()
                + state.hidden().map(why -> "; not for certain: " + why).orElse("");
    }

    private static String participant(Lookup<Workload> participant) {
        if (participant instanceof Lookup.Unknown<Workload> unknown) {
            return "cannot be told: " + unknown.why();
        }
        return participant
                .toOptional()
                .map(found -> found.ref() + ", keys " + keys(KmsState.of(found)))
                .orElse("not seen here");
    }

    private static String apps(Lookup<Facts.Users> users) {
        if (users instanceof Lookup.Unknown<Facts.Users> unknown) {
            return "cannot be told: " + unknown.why();
        }
        var found = users.toOptional().stream()
                .flatMap(apps -> Stream.of(apps.svApps(), apps.planned(), apps.validatorApps()))
                .flatMap(List::stream)
                .map(app -> app.ref().toString())
                .distinct()
                .sorted()
                .toList();
        return found.isEmpty() ? "none seen here" : String.join(", ", found);
    }

    private static String node(CometBftNode node) {
        if (!node.enabled()) {
            return "off";
        }
        return node.hasKey()
                ? "governance key " + source(node.publicKey()) + " and " + source(node.privateKey())
                : "no governance key (public half " + source(node.publicKey()) + ", private half "
                        + source(node.privateKey()) + ")";
    }

    private static String source(KeySource source) {
        if (source instanceof KeySource.Env env) {
            return "from env " + env.name();
        }
        if (source instanceof KeySource.UnsetEnv env) {
            return "from env " + env.name() + ", which is not set";
        }
        return source instanceof KeySource.Inline ? "in the configuration itself" : "not configured";
    }

    private void judgement(Explanation explanation, CheckReport.Result result) {
        if (!result.judged()) {
            line(
                    "Not judged",
                    result.operation() == Operation.CREATE
                            ? "no rule is about " + String.join(", ", result.roles())
                            : result.operation() == Operation.DELETE
                                    ? "no rule is about its deletion"
                                    : "the change leaves everything that a rule looks at as it is");
            return;
        }
        line("Judged", String.valueOf(DECISIONS.get(result.decision())));
        for (var ruling : result.judgement().rulings()) {
            var finding = ruling.finding();
            out.println("  " + finding.rule().id() + " (" + finding.ruleClass().id() + ", "
                    + ruling.action().id() + "): " + Sentences.message(ruling));
            out.println("    Fix: " + finding.fix() + ".");
        }
        var silent = explanation.silent(result);
        if (!silent.isEmpty()) {
            line("Nothing found by", String.join(", ", silent));
        }
        if (!explanation.off().isEmpty()) {
            line("Off in the policy", String.join(", ", explanation.off()));
        }
    }

    private void injection(Explanation explanation, CheckReport.Result result) {
        var notes = Sentences.injections(result.completion());
        notes.forEach(note -> line("Injection", note));
        if (!result.isWorkload() || !notes.isEmpty()) {
            return;
        }
        var settings = explanation.policy().injection();
        var optedOut = "false"
                .equals(result.manifest()
                        .object()
                        .at("/metadata/annotations")
                        .path(Injections.OPT_OUT)
                        .asString(""));
        if (optedOut) {
            line("Injection", "none, by its annotation " + Injections.OPT_OUT);
        } else if (!result.judged()) {
            line("Injection", "none, as it is not judged");
        } else {
            line("Injection", "nothing to add" + String.join("", off(settings, result.roles())));
        }
    }

    /** What the policy keeps from being added, where it could be. */
    private static List<String> off(PolicyFile.InjectionSettings settings, List<String> roles) {
        var off = new ArrayList<String>();
        if (!settings.credentials()) {
            off.add("; the policy says injection.credentials: off");
        }
        if (!settings.governanceKey() && roles.contains(Role.SV_APP.id())) {
            off.add("; a whole governance key only where the policy says injection.governanceKey: complete");
        }
        return off;
    }
}
