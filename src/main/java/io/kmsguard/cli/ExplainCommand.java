// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.Suggestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "RULE", description = "The rule's id.")
    private @Nullable String rule;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused") // read by picocli
    private boolean help;

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
        var ids = rules.stream().map(RuleInfo::id).toList();
        if (!ids.contains(rule)) {
            var meant = Suggestion.closest(rule, ids)
                    .map(id -> "; did you mean " + id + "?")
                    .orElse("");
            throw new ParameterException(spec.commandLine(), "there is no rule " + rule + meant);
        }
        session.out().print(page(rule));
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

    private static String page(String id) {
        var path = "/io/kmsguard/docs/rules/" + id + ".md";
        try (var page = ExplainCommand.class.getResourceAsStream(path)) {
            if (page == null) {
                throw new IllegalStateException("no page at " + path);
            }
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
