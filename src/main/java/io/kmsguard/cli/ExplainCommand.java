// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.Suggestion;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kms-guard explain}: the rules' own pages, and what the guard makes of an object. */
@Command(
        name = "explain",
        sortOptions = false,
        description = {
            "Explains a rule (its page), or manifests: what each object is and belongs to, what each rule finds in it, and"
                    + " what would be injected or why not. The judgement is that of check. Without either, lists the"
                    + " rules."
        },
        footer = {
            "",
            "Examples:",
            "  kms-guard explain",
            "  kms-guard explain governance-key-flag",
            "  kms-guard explain manifests/ sv-app",
            "  helm template sv … -n sv | kms-guard explain -n sv -",
            "",
            "Exit codes: 0 nothing denied, 1 denied, 2 bad input (and nothing denied)."
        })
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
            index = "0",
            arity = "0..1",
            paramLabel = "RULE|FILE|DIR|-",
            completionCandidates = RuleIds.class,
            description = "The rule's id, or manifests as check takes them.")
    private @Nullable String subject;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Only the objects of that name.")
    private @Nullable String name;

    @Option(names = "--old", paramLabel = "FILE|DIR", description = "The state before (repeatable), as for check.")
    private List<String> old = new ArrayList<>();

    @Mixin
    private final PolicyOption policy = new PolicyOption();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace of objects that name none (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    ExplainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var rules = Rules.all().stream().map(rule -> rule.info()).toList();
        if (subject == null) {
            list(rules);
            return ExitCode.FINE;
        }
        var ids = rules.stream().map(RuleInfo::id).toList();
        if (ids.contains(subject)) {
            if (name != null) {
                throw new ParameterException(spec.commandLine(), "a rule has one page, and " + name + " is too much");
            }
            session.out().print(RulePages.page(rules.get(ids.indexOf(subject))));
            return ExitCode.FINE;
        }
        if (!isInput(subject)) {
            var meant = Suggestion.closest(subject, ids)
                    .map(id -> "; did you mean " + id + "?")
                    .orElse("");
            throw new ParameterException(spec.commandLine(), "there is no rule and no file " + subject + meant);
        }
        return objects(subject);
    }

    private static boolean isInput(String word) {
        try {
            return word.equals(ManifestFiles.STANDARD_INPUT) || Files.exists(Path.of(word));
        } catch (InvalidPathException noName) {
            return false;
        }
    }

    private int objects(String input) {
        if (input.equals(ManifestFiles.STANDARD_INPUT) && old.contains(input)) {
            throw new ParameterException(
                    spec.commandLine(), "standard input can be the old or the new state, not both");
        }
        var problems = new ArrayList<String>();
        var policyFile = policy.read(problems);
        if (!problems.isEmpty()) {
            return session.trouble(problems);
        }
        var now = ManifestFiles.read(List.of(input), session.in());
        var before = ManifestFiles.read(old, session.in());
        var explanation = new Explanation(now, before, namespace, policyFile);
        var named = explanation.named(name);
        if (named.isEmpty() && name != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "there is nothing to explain of the name " + name + Suggestion.hint(name, explanation.names()));
        }
        return new ExplanationReport(session.out()).write(explanation, named);
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
