// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cli.Reported.Entry;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.PolicyException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Writes for people what is wrong with objects and the way out of it. */
final class TextFindings {

    private static final Map<Decision, String> WORDS = Map.of(
            Decision.DENY, "DENIED", Decision.WARN, "WARNING", Decision.UNSEEN, "unseen", Decision.ALLOW, "allowed");
    private static final Map<Decision, Ink> INKS = Map.of(
            Decision.DENY, Ink.RED, Decision.WARN, Ink.YELLOW, Decision.UNSEEN, Ink.YELLOW, Decision.ALLOW, Ink.GREEN);
    private static final Map<Action, Decision> DECISIONS = Map.of(
            Action.DENY, Decision.DENY,
            Action.WARN, Decision.WARN,
            Action.UNSEEN, Decision.UNSEEN,
            Action.AUDIT, Decision.ALLOW);

    private final PrintStream out;
    private final boolean colour;
    private final int width;

    /**
     * Findings on their way to a stream.
     *
     * @param width the column that prose must not pass; commands are never broken
     */
    TextFindings(PrintStream out, boolean colour, int width) {
        this.out = out;
        this.colour = colour;
        this.width = width;
    }

    /** The word for a decision, in its colour and as wide as asked. */
    String decision(Decision decision, int columns) {
        return paint(ink(decision), ("%-" + columns + "s").formatted(word(decision)));
    }

    static String word(Decision decision) {
        return WORDS.getOrDefault(decision, "");
    }

    private static Ink ink(Decision decision) {
        return INKS.getOrDefault(decision, Ink.DIM);
    }

    void entry(Entry entry) {
        var roles = entry.roles().isEmpty() ? "" : " (" + String.join(", ", entry.roles()) + ")";
        out.println(decision(entry.judgement().decision(), 7) + "  "
                + paint(Ink.BOLD, Printable.of(entry.ref().toString())) + roles
                + entry.source()
                        .map(source -> "  " + paint(Ink.DIM, Printable.of(entry.place(""))))
                        .orElse(""));
        rulings(entry);
        for (var note : entry.notes()) {
            paragraph("  + ", note + ".");
        }
        if (!entry.judgement().rulings().isEmpty() || !entry.notes().isEmpty()) {
            out.println();
        }
    }

    /** Findings of one rule with one way out stand together. */
    private void rulings(Entry entry) {
        var groups = entry.judgement().rulings().stream()
                .collect(Collectors.groupingBy(
                        ruling -> new Group(
                                ruling.finding().rule().id(),
                                ruling.finding().ruleClass().id(),
                                ruling.action(),
                                entry.line(ruling.finding().path())
                                        .map(line -> "line " + line)
                                        .orElse(ruling.finding().path()),
                                ruling.finding().fix()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        groups.forEach((group, rulings) -> {
            out.println("  " + paint(ink(DECISIONS.getOrDefault(group.action, Decision.ALLOW)), group.rule) + " ("
                    + group.ruleClass + ", " + group.action.id() + ")  "
                    + paint(Ink.DIM, group.place));
            rulings.forEach(ruling -> paragraph("    ", Sentences.message(ruling)));
            // Not broken: it holds a command to copy.
            out.println("    " + paint(Ink.BOLD, "Fix:") + " " + group.fix + ".");
        });
    }

    private record Group(String rule, String ruleClass, Action action, String place, String fix) {}

    void unjudged(Reported.Trouble object) {
        out.println(paint(Ink.YELLOW, "not judged") + "  " + Printable.of(object.what()) + ": "
                + Printable.of(object.why()) + ".");
    }

    void trouble(Reported.Trouble trouble) {
        out.println(paint(Ink.RED, "%-7s".formatted("error")) + "  " + Printable.of(trouble.what()) + ": "
                + Printable.of(trouble.why()) + ".");
    }

    void expired(PolicyException exception) {
        out.println(paint(Ink.YELLOW, "%-7s".formatted("ended")) + "  the exception from " + exception.rule() + " for "
                + exception.namespace() + "/" + exception.name().orElse("*") + ", owner " + exception.owner()
                + ", ended on " + exception.until() + " and does nothing.");
    }

    /** Where to read on. */
    void more(List<Entry> entries) {
        var rules = new TreeSet<String>();
        entries.forEach(entry -> entry.judgement()
                .rulings()
                .forEach(ruling -> rules.add(ruling.finding().rule().id())));
        rules.forEach(rule -> out.println("More: kms-guard explain " + rule));
    }

    /** How many objects came out how, for a summary: {@code 1 denied, 0 warned, 2 allowed}. */
    static String decided(ToLongFunction<Decision> count) {
        var unseen = count.applyAsLong(Decision.UNSEEN);
        return count.applyAsLong(Decision.DENY) + " denied, " + count.applyAsLong(Decision.WARN) + " warned, "
                + (unseen == 0 ? "" : unseen + " unseen, ") + count.applyAsLong(Decision.ALLOW) + " allowed";
    }

    static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    /** Prose, its lines aligned under the first. */
    void paragraph(String indent, String text) {
        new Paragraphs(out, width).print(indent, text);
    }

    String paint(Ink ink, String text) {
        return ink.paint(colour, text);
    }
}
