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

    /** Longer messages are cut by nobody but read by nobody either. */
    private static final int MAX_DENIAL = 1_000;

    /** The API server may cut a single warning at 256 characters, and drops what is over 4,096 together. */
    private static final int MAX_WARNING = 256;

    private static final int MAX_WARNINGS = 4_096;

    private Wording() {}

    static Denial denial(ObjectRef ref, Judgement judgement) {
        // The worst first; the sort is stable, so the rest keeps the order of the rules.
        var rulings = judgement.with(Action.DENY).stream()
                .sorted(Comparator.comparing((Ruling ruling) -> ruling.finding().ruleClass()))
                .toList();
        var causes = rulings.stream()
                .map(Ruling::finding)
                .map(finding -> new Denial.Cause(finding.rule().id(), finding.message(), finding.path()))
                .toList();
        return new Denial(denial(ref, rulings), causes);
    }

    private static String denial(ObjectRef ref, List<Ruling> rulings) {
        var first = rulings.get(0).finding();
        var text = new StringBuilder(refusal(ref, first));
        for (var ruling : rulings.subList(1, rulings.size())) {
            var more = " Also " + ruling.finding().rule().id() + ": " + sentence(ruling.finding());
            if (text.length() + more.length() > MAX_DENIAL) {
                var left = rulings.size() - rulings.indexOf(ruling);
                text.append(" And ").append(left).append(" more: see kms-guard check.");
                break;
            }
            text.append(more);
        }
        return cut(text.toString(), MAX_DENIAL + 40);
    }

    private static String refusal(ObjectRef ref, Finding finding) {
        return ref + ": " + sentence(finding) + " Fix: " + finding.fix() + ". More: kms-guard explain "
                + finding.rule().id();
    }

    /** A finding's message as a sentence. */
    public static String sentence(Finding finding) {
        return finding.message() + ".";
    }

    /** The warnings of a review: of findings, then of injections; without the prefix that clients put before them. */
    static List<String> warnings(Judgement judgement, List<String> notes) {
        var all = new ArrayList<String>();
        for (var ruling : judgement.with(Action.WARN)) {
            all.add(warning(ruling));
        }
        notes.forEach(note -> all.add("kms-guard: " + note));
        var fitting = new ArrayList<String>();
        var length = 0;
        for (var warning : all) {
            var text = cut(warning, MAX_WARNING);
            length += text.length();
            if (length > MAX_WARNINGS) {
                break;
            }
            fitting.add(text);
        }
        return List.copyOf(fitting);
    }

    private static String warning(Ruling ruling) {
        var finding = ruling.finding();
        var why = ruling.why().isEmpty() ? "" : " (" + ruling.why() + ")";
        var text = finding.rule().id() + ": " + finding.message() + why;
        var full = text + ". Fix: " + finding.fix();
        return full.length() <= MAX_WARNING ? full : text;
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }
}
