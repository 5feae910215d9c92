// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.policy.Judgement.Ruling;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The ordered rules and what is done about what they find. Immutable and safe for use by many threads.
 *
 * @param rules the rules in the order of their findings
 * @param actions the operator's action by rule id; a rule that is not there has the default of its findings' class
 * @param onUnknown what a rule that denies does where it cannot tell: {@link Action#DENY} or {@link Action#WARN}
 * @param exceptions from whom a refusal is a warning, and until when
 */
public record Policy(
        List<Rule> rules, Map<String, Action> actions, Action onUnknown, List<PolicyException> exceptions) {

    /** Those rules with their default actions. */
    public static Policy of(List<Rule> rules) {
        return new Policy(rules, Map.of(), Action.DENY, List.of());
    }

    /**
     * Judges an object on its own.
     *
     * @param today the day (UTC), for exceptions that end
     */
    public Judgement evaluate(Subject subject, LocalDate today) {
        return evaluate(subject, Optional::empty, today);
    }

    /**
     * Judges a change: what was as wrong before is a warning, and what was a mere notice or advice before is not told again.
     *
     * @param before the object before the change, with facts of its own, as if it were created now; asked for once, and only where
     *     something is found
     * @param today the day (UTC), for exceptions that end
     */
    public Judgement evaluate(Subject subject, Supplier<Optional<Subject>> before, LocalDate today) {
        var rulings = new ArrayList<Ruling>();
        Optional<Optional<Subject>> earlier = Optional.empty();
        for (var rule : rules) {
            if (actions.get(rule.info().id()) == Action.OFF) {
                continue;
            }
            var findings = rule.check(subject);
            if (findings.isEmpty()) {
                continue;
            }
            earlier = earlier.or(() -> Optional.of(before.get()));
            var old = earlier.get().map(rule::check).orElse(List.of());
            for (var finding : findings) {
                var ruling = excepted(ruling(finding, subject, old), subject, today);
                if (!wasTold(ruling, old)) {
                    rulings.add(ruling);
                }
            }
        }
        return rulings.isEmpty() ? Judgement.CLEAN : new Judgement(List.copyOf(rulings));
    }

    /** Whether that is a notice or advice which the operator had before: it is told once, and not at each update. */
    private static boolean wasTold(Ruling ruling, List<Finding> old) {
        var finding = ruling.finding();
        return ruling.action() == Action.WARN
                && (finding.ground() == Finding.Ground.NOTICE || finding.ruleClass() == RuleClass.ADVISABLE)
                && old.stream().anyMatch(finding::isSameDefectAs);
    }

    private Ruling ruling(Finding finding, Subject subject, List<Finding> old) {
        var action =
                actions.getOrDefault(finding.rule().id(), finding.ruleClass().defaultAction());
        if (finding.ground() == Finding.Ground.NOTICE) {
            return new Ruling(finding, action == Action.DENY ? Action.WARN : action, "");
        }
        if (finding.ground() == Finding.Ground.ABSENT
                && subject.partial()
                && (action == Action.DENY || action == Action.WARN)) {
            return new Ruling(finding, Action.UNSEEN, "it may be there without being seen here");
        }
        if (action != Action.DENY) {
            return new Ruling(finding, action, "");
        }
        if (old.stream().anyMatch(finding::isSameDefectAs)) {
            return new Ruling(finding, Action.WARN, "it was so before this change");
        }
        return new Ruling(finding, finding.ground() == Finding.Ground.UNKNOWN ? onUnknown : action, "");
    }

    private Ruling excepted(Ruling ruling, Subject subject, LocalDate today) {
        if (ruling.action() != Action.DENY) {
            return ruling;
        }
        var expired = "";
        for (var exception : exceptions) {
            if (exception.covers(ruling.finding().rule().id(), subject.ref())) {
                if (!exception.isExpired(today)) {
                    return new Ruling(
                            ruling.finding(),
                            Action.WARN,
                            "excepted until " + exception.until() + " by " + exception.owner() + ": "
                                    + exception.reason(),
                            true);
                }
                expired = "the exception of " + exception.owner() + " ended on " + exception.until();
            }
        }
        return expired.isEmpty() ? ruling : new Ruling(ruling.finding(), Action.DENY, expired);
    }
}
