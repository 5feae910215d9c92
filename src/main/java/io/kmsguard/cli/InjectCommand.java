// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.admission.ManifestReader.Reading;
import io.kmsguard.admission.ManifestText;
import io.kmsguard.injection.PatchOperation;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Judgement.Decision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kms-guard inject}. */
@Command(
        name = "inject",
        sortOptions = false,
        description =
                "Completes manifests as the webhook would: manifests in, completed manifests out, byte for byte the"
                        + " same where nothing is added. A post-renderer for Helm.",
        footer = {
            "",
            "Examples:",
            "  helm template participant … -n sv | kms-guard inject -n sv --with cluster.yaml",
            "  helm upgrade participant … -n sv --post-renderer kms-guard --post-renderer-args inject    (Helm 3)",
            "  kms-guard inject --check rendered.yaml | kubectl apply -f -",
            "",
            "What was added, and the values that make it unnecessary, is said on standard error. Helm 4 takes"
                    + " post-renderers as plugins only; one is in manifests/helm-plugin.",
            "",
            "Exit codes: 0 done, 1 denied (with --check), 2 bad input; with 1 and 2 nothing is printed."
        })
final class InjectCommand implements Callable<Integer> {

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE|-",
            description = "The manifests; - is standard input, and the default where that is not a terminal.")
    private String file = "";

    @Option(
            names = "--with",
            paramLabel = "FILE|DIR",
            description =
                    "What the cluster holds besides (repeatable): the Secrets and ServiceAccounts that decide what is"
                            + " missing, and the running workloads. It is not printed.")
    private List<String> with = new ArrayList<>();

    @Mixin
    private final PolicyOption policy = new PolicyOption();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace of objects that name none (default: HELM_NAMESPACE, or default).")
    private String namespace = "";

    @Option(
            names = "--check",
            description = "Prints nothing, and exits with 1, where kms-guard check would deny what comes out.")
    private boolean check;

    InjectCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (file.isEmpty() && session.terminals().in()) {
            throw new ParameterException(spec.commandLine(), "name a file, or - for standard input");
        }
        var input = file.isEmpty() ? ManifestFiles.STANDARD_INPUT : file;
        if (input.equals(ManifestFiles.STANDARD_INPUT) && with.contains(ManifestFiles.STANDARD_INPUT)) {
            throw new ParameterException(spec.commandLine(), "standard input cannot be the manifests and --with both");
        }
        var problems = new ArrayList<String>();
        var policyFile = policy.read(problems);
        if (!problems.isEmpty()) {
            return session.trouble(problems);
        }
        var reading = ManifestFiles.text(input, session.in());
        if (reading instanceof ManifestFiles.Text.Unreadable unreadable) {
            return refused(List.of(unreadable.problem()));
        }
        var text = ManifestText.read(input, ((ManifestFiles.Text.Read) reading).text());
        var progress = new Progress(session);
        var report = Checker.check(
                new Reading(text.manifests(), text.unreadable()),
                Before.files(ManifestFiles.read(with, session.in()), namespace()),
                namespace(),
                policyFile,
                progress::step);
        progress.done();
        return inject(text, report);
    }

    /** Helm tells plugins which namespace it works in, but not what a post-renderer of Helm 3 runs in. */
    private String namespace() {
        var helm = session.env().getOrDefault("HELM_NAMESPACE", "");
        return !namespace.isEmpty() ? namespace : helm.isEmpty() ? "default" : helm;
    }

    private int inject(ManifestText text, CheckReport report) {
        text.foreign().forEach(foreign -> session.say(Places.of(foreign) + "; passed on as it is"));
        var denied = report.count(Decision.DENY) > 0;
        if (!report.errors().isEmpty() || (check && denied)) {
            denials(report);
            refused(report.errors());
            return check && denied ? ExitCode.DENIED : ExitCode.TROUBLE;
        }
        var additions = new IdentityHashMap<Manifest, List<PatchOperation>>();
        for (var result : report.results()) {
            if (!result.completion().operations().isEmpty()) {
                additions.put(result.manifest(), result.completion().operations());
            }
        }
        var completing = text.complete(additions);
        if (completing instanceof ManifestText.Completing.Refused refused) {
            return refused(refused.problems());
        }
        for (var result : report.results()) {
            result.completion().notes().forEach(note -> session.say(result.ref() + ": " + note));
        }
        denials(report);
        var bytes = ((ManifestText.Completing.Done) completing).text().getBytes(StandardCharsets.UTF_8);
        session.out().write(bytes, 0, bytes.length);
        return ExitCode.FINE;
    }

    private void denials(CheckReport report) {
        for (var result : report.results()) {
            for (var ruling : result.judgement().with(Action.DENY)) {
                var finding = ruling.finding();
                session.say("check denies " + result.ref() + ": " + Sentences.message(ruling) + " Fix: " + finding.fix()
                        + " [more: kms-guard explain " + finding.rule().id() + "]");
            }
        }
    }

    private int refused(List<ManifestProblem> problems) {
        return session.trouble(problems.stream().map(Places::of).toList());
    }
}
