// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.ManifestFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kms-guard plan}. */
@Command(
        name = "plan",
        sortOptions = false,
        description =
                "Says what to do about what check denies: for a change that could never be undone, the way out that"
                        + " the Splice documentation names, with the names found; for the rest, what mends it, in order.",
        footer = {
            "",
            "Examples:",
            "  helm get manifest participant -n sv > running.yaml",
            "  helm template participant … -n sv | kms-guard plan -n sv --old running.yaml -",
            "",
            "Exit codes: as of check: 0 nothing denied, 1 denied, 2 bad input (and nothing denied)."
        })
final class PlanCommand implements Callable<Integer> {

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR|-",
            description = "What shall be applied, as of check; - is standard input.")
    private List<String> files = new ArrayList<>();

    @Option(names = "--old", paramLabel = "FILE|DIR", description = "The state before (repeatable), as of check.")
    private List<String> old = new ArrayList<>();

    @Mixin
    private final PolicyOption policy = new PolicyOption();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace of objects that name none (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    PlanCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (files.contains(ManifestFiles.STANDARD_INPUT) && old.contains(ManifestFiles.STANDARD_INPUT)) {
            throw new ParameterException(
                    spec.commandLine(), "standard input can be the old or the new state, not both");
        }
        var problems = new ArrayList<String>();
        var policyFile = policy.read(problems);
        if (!problems.isEmpty()) {
            return session.trouble(problems);
        }
        var now = ManifestFiles.read(files, session.in());
        var before = ManifestFiles.read(old, session.in());
        var report = Checker.check(now, Before.files(before, namespace), namespace, policyFile, () -> {});
        new PlanReport(session, new PlanNames(now, before, namespace, policyFile.secrets())).write(report);
        return report.exitCode(FailOn.DENY);
    }
}
