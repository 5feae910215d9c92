// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.splice.ObjectRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The sentences that operators read. */
public final class Wording {

    /** No limit of Kubernetes: what is longer is read by nobody. */
    private static final int MAX_DENIAL = 1_000;

    /** The API server may cut a single warning at 256 characters, and drops what is over 4,096 together. */
    private static final int MAX_WARNING = 256;

    private static final int MAX_WARNINGS = 4_096;

    /** A ConfigMap of many participants has a finding for each; the worst are named. */
    private static final int MAX_CAUSES = 20;

    /** Room for the words that say how many more there are. */
    private static final int REST = 48;

    private Wording() {}

    static Denial denial(ObjectRef ref, Judgement judgement) {
        // The worst first; the sort is stable, so the rest keeps the order of the rules.
        var rulings = judgement.with(Action.DENY).stream()
                .sorted(Comparator.comparing((Ruling ruling) -> ruling.finding().ruleClass()))
                .toList();
        var causes = rulings.stream()
                .limit(MAX_CAUSES)
                .map(Ruling::finding)
                .map(finding -> new Denial.Cause(finding.rule().id(), finding.message(), finding.path()))
                .toList();
        return new Denial(denial(ref, rulings), causes);
    }

    private static String denial(ObjectRef ref, List<Ruling> rulings) {
        var first = rulings.get(0).finding();
        var text = new StringBuilder(cut(
                ref + ": " + sentence(first) + " Fix: " + first.fix() + " [more: " + explain(first) + "]",
                rulings.size() == 1 ? MAX_DENIAL : MAX_DENIAL - REST));
        for (var i = 1; i < rulings.size(); i++) {
            var finding = rulings.get(i).finding();
            var more = " Also " + finding.rule().id() + ": " + sentence(finding);
            var fix = " Fix: " + finding.fix();
            var room = (i == rulings.size() - 1 ? MAX_DENIAL : MAX_DENIAL - REST) - text.length();
            if (more.length() > room) {
                text.append(" And ").append(rulings.size() - i).append(" more: see kms-guard check.");
                break;
            }
            text.append(more).append(more.length() + fix.length() <= room ? fix : "");
        }
        return text.toString();
    }

    private static String explain(Finding finding) {
        return "kms-guard explain " + finding.rule().id();
    }

    /** A finding's message as a sentence. */
    public static String sentence(Finding finding) {
        return finding.message() + ".";
    }

    /** A finding, and why what is done about it is milder than its rule where it is. */
    public static String sentence(Ruling ruling) {
        return ruling.finding().message() + (ruling.why().isEmpty() ? "" : " (" + ruling.why() + ")") + ".";
    }

    /** The warnings of a review: of findings, then of injections; without the prefix that clients put before them. */
    static List<String> warnings(Judgement judgement, List<String> notes) {
        var all = new ArrayList<String>();
        judgement.rulings().stream()
                .filter(ruling -> ruling.action() == Action.WARN || ruling.action() == Action.UNSEEN)
                .forEach(ruling -> all.add(cut(warning(ruling), MAX_WARNING)));
        notes.forEach(note -> all.add(cut("kms-guard: " + note, MAX_WARNING)));
        var fitting = new ArrayList<String>();
        var length = 0;
        for (var i = 0; i < all.size(); i++) {
            length += all.get(i).length();
            if (length > (i == all.size() - 1 ? MAX_WARNINGS : MAX_WARNINGS - REST)) {
                fitting.add("kms-guard: " + (all.size() - i) + " more: see kms-guard check");
                break;
            }
            fitting.add(all.get(i));
        }
        return List.copyOf(fitting);
    }

    private static String warning(Ruling ruling) {
        var finding = ruling.finding();
        var why = ruling.why().isEmpty() ? "" : " (" + ruling.why() + ")";
        var text = "kms-guard " + finding.rule().id() + ": " + finding.message() + why;
        var withFix = text + ". Fix: " + finding.fix();
        if (withFix.length() <= MAX_WARNING) {
            return withFix;
        }
        var withPage = " [more: " + explain(finding) + "]";
        return cut(text, MAX_WARNING - withPage.length()) + withPage;
    }

    /** Not longer than that; where it was, an ellipsis says so. No character is cut in two. */
    public static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        var end = Character.isHighSurrogate(text.charAt(length - 2)) ? length - 2 : length - 1;
        return text.substring(0, end) + "…";
    }
}
