// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cli.CheckReport.Result;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.splice.Role;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes what is to be done: the way out of what can never be undone, and then what mends the rest, in order. */
final class PlanReport {

    /** What a change of identity is found by; other keys can be replaced. */
    private static final Set<String> IDENTITY = Set.of("kms-migration", "kms-identity-reuse");

    private final PrintStream out;
    private final Paragraphs prose;
    private final PlanNames names;

    PlanReport(Session session, PlanNames names) {
        this.out = session.out();
        this.prose = new Paragraphs(session.out(), session.width());
        this.names = names;
    }

    /** One thing that is refused. */
    private record Refusal(Result result, Finding finding) {

        /** Whether what is refused can never be undone, and is known to be so. */
        boolean isIdentity() {
            return IDENTITY.contains(finding.rule().id()) && finding.ground() == Ground.SEEN;
        }

        /** The guide's order: the participant, what the SV app needs, the SV app. */
        int place() {
            if (result.roles().contains(Role.PARTICIPANT.id())) {
                return 0;
            }
            return result.isWorkload() ? 2 : 1;
        }
    }

    void write(CheckReport report) {
        var refusals = report.results().stream()
                .flatMap(result -> result.judgement().with(Action.DENY).stream()
                        .map(Ruling::finding)
                        .map(finding -> new Refusal(result, finding)))
                .toList();
        var identity = refusals.stream().filter(Refusal::isIdentity).toList();
        identity.forEach(this::wayOut);
        // Whatever else is wrong with what shall not be applied at all is no matter.
        var given = identity.stream().map(refusal -> refusal.result().ref()).toList();
        mend(
                refusals.stream()
                        .filter(refusal -> !given.contains(refusal.result().ref()))
                        .sorted(Comparator.comparing(Refusal::place))
                        .toList(),
                !identity.isEmpty());
        report.errors()
                .forEach(error ->
                        out.println("error  " + Places.of(error.file(), error.line()) + ": " + error.message() + "."));
        if (refusals.isEmpty()) {
            prose.print(
                    "",
                    "Nothing is denied here, so there is nothing to plan. "
                            + report.results().stream()
                                    .filter(Result::isGuarded)
                                    .count() + " judged, "
                            + report.count(Decision.WARN) + " with warnings; kms-guard check tells them.");
        }
        report.results().forEach(this::cantonBft);
    }

    private void head(Refusal refusal) {
        var manifest = refusal.result().manifest();
        out.println(refusal.result().ref() + "  "
                + Places.of(
                        manifest.file(), manifest.lines().line(refusal.finding().path())) + "  "
                + refusal.finding().rule().id());
        prose.print("  ", refusal.finding().message() + ".");
        out.println();
    }

    private void wayOut(Refusal refusal) {
        head(refusal);
        out.println("If it was not meant:");
        out.println("  " + refusal.finding().fix());
        out.println();
        var cast = names.cast(refusal.result().manifest());
        if (cast.isEmpty()) {
            return;
        }
        prose.print(
                "",
                "If it is meant, no way takes the identity along. The documented way is a fresh "
                        + (cast.get().isValidator() ? "validator" : "SV")
                        + " beside the old one (Splice documentation, "
                        + FreshNode.source(cast.get()) + "):");
        var steps = FreshNode.steps(cast.get());
        var number = 0;
        for (var step : steps) {
            number++;
            prose.print("%3d. ".formatted(number), "[" + step.who() + "] " + step.text());
            step.commands().forEach(command -> out.println("       " + command));
        }
        out.println();
        prose.print("", limits(cast.get(), steps));
        out.println();
    }

    private void cantonBft(Result result) {
        if (!result.roles().contains(Role.SV_APP.id())) {
            return;
        }
        names.workload(result.manifest())
                .map(CantonBftWay::new)
                .filter(CantonBftWay::isAhead)
                .ifPresent(way -> {
                    out.println();
                    prose.print(
                            "",
                            "The upgrade to Canton BFT, as the guard sees " + result.ref()
                                    + ": a node with CometBFT on needs the governance key.");
                    var number = 0;
                    for (var step : way.steps()) {
                        number++;
                        prose.print("%3d. ".formatted(number), step);
                    }
                    prose.print("", way.place());
                });
    }

    private static String limits(PlanNames.Cast cast, List<FreshNode.Step> steps) {
        var unseen = cast.svApps().isEmpty() && cast.validatorApps().isEmpty()
                ? " No app on this participant is in the input; give its manifests too (--old), and the plan names it."
                : "";
        return "The guard sees manifests. It judges what is installed in these " + steps.size()
                + " steps; onboarding, weight, assets and offboarding it can neither do nor see." + unseen;
    }

    private void mend(List<Refusal> refusals, boolean isMore) {
        if (refusals.isEmpty()) {
            return;
        }
        out.println((isMore ? "And mend" : "Mend") + ", in this order:");
        var byFix = refusals.stream()
                .collect(Collectors.groupingBy(
                        refusal -> refusal.finding().fix(), LinkedHashMap::new, Collectors.toList()));
        var number = 0;
        for (var group : byFix.entrySet()) {
            number++;
            out.println("%3d. Fix: ".formatted(number) + group.getKey());
            group.getValue()
                    .forEach(refusal -> prose.print(
                            "     ",
                            refusal.finding().rule().id() + ": "
                                    + refusal.result().ref() + ": "
                                    + refusal.finding().message() + "."));
        }
        out.println();
        out.println("Then see what is left: kms-guard check");
    }
}
