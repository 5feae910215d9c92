// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.cli.CheckReport.Result;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.PolicyException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes a report for people: what is wrong and the way out of it, then what it comes to. */
final class TextReport {

    private static final Map<Decision, String> WORDS =
            Map.of(Decision.DENY, "DENIED", Decision.WARN, "WARNING", Decision.ALLOW, "allowed");
    private static final Map<Decision, Ink> INKS =
            Map.of(Decision.DENY, Ink.RED, Decision.WARN, Ink.YELLOW, Decision.ALLOW, Ink.GREEN);
    private static final Map<Action, Decision> DECISIONS =
            Map.of(Action.DENY, Decision.DENY, Action.WARN, Decision.WARN, Action.AUDIT, Decision.ALLOW);

    private final PrintStream out;
    private final boolean colour;
    private final int width;

    /**
     * A report on its way to a stream.
     *
     * @param width the column that prose must not pass; commands are never broken
     */
    TextReport(PrintStream out, boolean colour, int width) {
        this.out = out;
        this.colour = colour;
        this.width = width;
    }

    void write(CheckReport report) {
        report.results().stream().filter(Result::isGuarded).forEach(this::result);
        report.errors().forEach(this::error);
        report.expired().forEach(this::expired);
        summary(report);
    }

    private void result(Result result) {
        var roles = result.roles().isEmpty() ? "" : " (" + String.join(", ", result.roles()) + ")";
        var word = "%-7s".formatted(WORDS.get(result.decision()));
        var place = place(result.manifest().file(), result.manifest().line());
        out.println(paint(INKS.getOrDefault(result.decision(), Ink.DIM), word) + "  "
                + paint(Ink.BOLD, result.ref().toString()) + roles + "  " + paint(Ink.DIM, place));
        rulings(result);
        for (var note : Sentences.injections(result.completion())) {
            paragraph("  + ", note + ".");
        }
        if (!result.judgement().rulings().isEmpty()
                || !result.completion().notes().isEmpty()) {
            out.println();
        }
    }

    /** Findings of one rule with one way out stand together. */
    private void rulings(Result result) {
        var groups = result.judgement().rulings().stream()
                .collect(Collectors.groupingBy(
                        ruling -> new Group(
                                ruling.finding().rule().id(),
                                ruling.finding().ruleClass().id(),
                                ruling.action(),
                                result.manifest().lines().line(ruling.finding().path()),
                                ruling.finding().fix()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        groups.forEach((group, rulings) -> {
            var ink = INKS.getOrDefault(DECISIONS.getOrDefault(group.action, Decision.ALLOW), Ink.DIM);
            out.println("  " + paint(ink, group.rule) + " (" + group.ruleClass + ", " + group.action.id() + ")  "
                    + paint(Ink.DIM, "line " + group.line));
            rulings.forEach(ruling -> paragraph("    ", Sentences.message(ruling)));
            // Not broken: it holds a command to copy.
            out.println("    " + paint(Ink.BOLD, "Fix:") + " " + group.fix + ".");
        });
    }

    private record Group(String rule, String ruleClass, Action action, int line, String fix) {}

    private void error(ManifestProblem error) {
        out.println(paint(Ink.RED, "%-7s".formatted("error")) + "  " + place(error.file(), error.line()) + ": "
                + error.message() + ".");
    }

    private void expired(PolicyException exception) {
        out.println(paint(Ink.YELLOW, "%-7s".formatted("ended")) + "  the exception from " + exception.rule() + " for "
                + exception.namespace() + "/" + exception.name().orElse("*") + ", owner " + exception.owner()
                + ", ended on " + exception.until() + " and does nothing.");
    }

    private void summary(CheckReport report) {
        if (report.results().stream().noneMatch(Result::isGuarded)) {
            out.println("Nothing to judge: no participant, SV app or governance key Secret in "
                    + counted(report.documents(), "object") + "."
                    + (report.errors().isEmpty()
                            ? ""
                            : " " + counted(report.errors().size(), "error") + "."));
            return;
        }
        if (!report.errors().isEmpty() || !report.expired().isEmpty()) {
            out.println();
        }
        paragraph("", counts(report) + others(report));
        var rules = new TreeSet<String>();
        report.results()
                .forEach(result -> result.judgement()
                        .rulings()
                        .forEach(ruling -> rules.add(ruling.finding().rule().id())));
        rules.forEach(rule -> out.println("More: kms-guard explain " + rule));
    }

    private static String counts(CheckReport report) {
        var counts = report.count(Decision.DENY) + " denied, " + report.count(Decision.WARN) + " warned, "
                + report.results().stream()
                        .filter(result -> result.isGuarded() && result.decision() == Decision.ALLOW)
                        .count()
                + " allowed";
        return report.errors().isEmpty()
                ? counts
                : counts + ", " + counted(report.errors().size(), "error");
    }

    private static String others(CheckReport report) {
        var others = report.documents()
                - report.results().stream().filter(Result::isGuarded).count();
        if (others == 0) {
            return ".";
        }
        return ". " + counted(others, "other object") + (others == 1 ? " is" : " are")
                + " none of the guard's business.";
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** Where something stands: {@code sv.yaml:3}. */
    static String place(String file, int line) {
        var name = file.equals(ManifestFiles.STANDARD_INPUT) ? "stdin" : file;
        return line > 0 ? name + ":" + line : name;
    }

    /** Prose, its lines aligned under the first. */
    private void paragraph(String indent, String text) {
        new Paragraphs(out, width).print(indent, text);
    }

    private enum Ink {
        RED("31;1"),
        YELLOW("33;1"),
        GREEN("32"),
        BOLD("1"),
        DIM("2");

        private final String code;

        Ink(String code) {
            this.code = code;
        }
    }

    private String paint(Ink ink, String text) {
        return colour ? "\u001B[" + ink.code + "m" + text + "\u001B[0m" : text;
    }
}
