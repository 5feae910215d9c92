// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.Suggestion;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kms-guard explain}: the rules' own pages. */
@Command(
        name = "explain",
        description = "Prints the page of a rule: what it catches, why it matters, how to fix it. Without a rule, lists"
                + " them.",
        footer = {"", "Examples:", "  kms-guard explain", "  kms-guard explain governance-key-flag"})
final class ExplainCommand implements Callable<Integer> {

    /** What a shell completes. */
    static final class RuleIds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Rules.all().stream().map(rule -> rule.info().id()).iterator();
        }
    }

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "RULE",
            completionCandidates = RuleIds.class,
            description = "The rule's id.")
    private @Nullable String rule;

    ExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var rules = Rules.all().stream().map(Rule::info).toList();
        if (rule == null) {
            list(rules);
            return ExitCode.FINE;
        }
        var named = rules.stream().filter(info -> info.id().equals(rule)).findFirst();
        if (named.isEmpty()) {
            var meant = Suggestion.closest(
                            rule, rules.stream().map(RuleInfo::id).toList())
                    .map(id -> "; did you mean " + id + "?")
                    .orElse("");
            throw new ParameterException(spec.commandLine(), "there is no rule " + rule + meant);
        }
        session.out().print(RulePages.page(named.get()));
        return ExitCode.FINE;
    }

    private void list(List<RuleInfo> rules) {
        var format = "%-26s %-13s %-8s %s%n";
        session.out().printf(format, "RULE", "CLASS", "DEFAULT", "WHAT IT CATCHES");
        for (var info : rules) {
            session.out()
                    .printf(
                            format,
                            info.id(),
                            info.ruleClass().id(),
                            info.ruleClass().defaultAction().id(),
                            info.summary());
        }
    }
}
