// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AskedOnce;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterSurroundings;
import io.kmsguard.cluster.RememberingSurroundings;
import io.kmsguard.splice.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kms-guard check}. */
@Command(
        name = "check",
        sortOptions = false,
        description =
                "Judges manifests before they are sent: YAML or JSON, lists, AdmissionReviews, whole folders. All inputs"
                        + " are one world, judged as if applied to an empty cluster, or to a live one (--live).",
        footer = {
            "",
            "Examples:",
            "  helm template participant … -n sv | kms-guard check -n sv -",
            "  kms-guard check manifests/",
            "  kms-guard check --require participant,sv-app rendered/",
            "  helm get manifest participant -n sv > running.yaml",
            "  helm template participant … -n sv | kms-guard check -n sv --old running.yaml -",
            "  helm template participant … -n sv | kms-guard check -n sv --live -",
            "  kms-guard check -o json manifests/ | jq '.results[] | select(.decision == \"deny\")'",
            "",
            "Without --live, what a Secret or an SV app outside of the input looks like cannot be seen; where it"
                    + " matters, a warning says so. With it, what an installed guard remembers of databases counts too,"
                    + " where you may read that.",
            "",
            "Exit codes: 0 nothing denied, 1 denied, 2 bad input, or a cluster that cannot be asked (and nothing"
                    + " denied)."
        })
final class CheckCommand implements Callable<Integer> {

    enum Output {
        TEXT,
        JSON,
        SARIF,
        JUNIT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        static final class Converter implements ITypeConverter<Output> {
            @Override
            public Output convert(String text) {
                return Words.of(text, values());
            }
        }
    }

    /** How long one question to a cluster may take. */
    private static final Duration ASK = Duration.ofSeconds(10);

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE|DIR|-",
            description = "What to judge. Of a folder, all .yaml, .yml and .json files below; - is standard input, and"
                    + " the default where that is not a terminal.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--old",
            paramLabel = "FILE|DIR",
            description = "The state before (repeatable). An object that is there too is judged as an update of it, and"
                    + " what is only there still belongs to the world.")
    private List<String> old = new ArrayList<>();

    @Option(
            names = "--live",
            description = "The state before is that of the current kube context's cluster: what runs there is updated,"
                    + " and what belongs to it is looked up there.")
    private boolean live;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final PolicyOption policy = new PolicyOption();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace of objects that name none (default: default, with --live that of the context).")
    private @Nullable String namespace;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            converter = Output.Converter.class,
            description = "text, json, sarif (SARIF 2.1.0) or junit (JUnit XML) (default: ${DEFAULT-VALUE}).")
    private Output output = Output.TEXT;

    @Option(
            names = "--fail-on",
            paramLabel = "ACTION",
            converter = FailOn.Converter.class,
            description =
                    "What makes the exit code 1: deny, warn, unseen (a warning of what is only not seen here) or unrendered"
                            + " (deny, and what has to do with Splice and cannot be judged) (default: ${DEFAULT-VALUE}).")
    private FailOn failOn = FailOn.DENY;

    @Option(
            names = "--require",
            paramLabel = "ROLE",
            split = ",",
            converter = RequiredRole.class,
            description = "Exit code 2 unless a workload of that role was judged: participant, sv-app, validator-app,"
                    + " sequencer or mediator (repeatable, or with commas).")
    private List<Role> required = new ArrayList<>();

    CheckCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (files.isEmpty() && session.terminals().in()) {
            throw new ParameterException(spec.commandLine(), "name files or folders, or - for standard input");
        }
        var inputs = files.isEmpty() ? List.of(ManifestFiles.STANDARD_INPUT) : files;
        if (inputs.contains(ManifestFiles.STANDARD_INPUT) && old.contains(ManifestFiles.STANDARD_INPUT)) {
            throw new ParameterException(
                    spec.commandLine(), "standard input can be the old or the new state, not both");
        }
        if (live && !old.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "the state before is that of --old or that of --live, not both");
        }
        if (cluster.isGiven() && !live) {
            throw new ParameterException(spec.commandLine(), "--kubeconfig and --context need --live");
        }
        var problems = new ArrayList<String>();
        var policyFile = policy.read(problems);
        var access = live ? cluster.find(session.env(), problems) : Optional.<ClusterAccess.Configured>empty();
        if (!problems.isEmpty()) {
            return session.trouble(problems);
        }
        return access.isPresent()
                ? checkLive(inputs, policyFile, access.get())
                : checkFiles(inputs, policyFile, ownNamespace("default"));
    }

    private String ownNamespace(String otherwise) {
        return namespace == null ? otherwise : namespace;
    }

    private int checkLive(List<String> inputs, PolicyFile policyFile, ClusterAccess.Configured access) {
        try (var world = ClusterSurroundings.ofCaller(access)) {
            var silence = world.silence(Deadline.in(ASK));
            if (silence.isPresent()) {
                return session.trouble(List.of(access.cannotBeAsked(silence.get())));
            }
            var where = ownNamespace(
                    Optional.ofNullable(access.config().getNamespace()).orElse("default"));
            var remembering = RememberingSurroundings.of(
                    world,
                    Deadline.in(ASK),
                    why -> session.say("What the guard remembers of databases is left out: " + why + "."));
            return check(inputs, policyFile, Before.cluster(new AskedOnce(remembering, ASK), where), where);
        }
    }

    private int checkFiles(List<String> inputs, PolicyFile policyFile, String where) {
        return check(inputs, policyFile, Before.files(ManifestFiles.read(old, session.in()), where), where);
    }

    private int check(List<String> inputs, PolicyFile policyFile, Before before, String where) {
        var progress = new Progress(session);
        var now = ManifestFiles.read(inputs, session.in());
        var report = Checker.check(now, before, where, policyFile, progress::step);
        progress.done();
        switch (output) {
            case TEXT -> new TextReport(session.out(), session.hasColour(), session.width()).write(report);
            case JSON -> JsonReport.write(report, session.out());
            case SARIF -> SarifReport.write(Reported.of(report), session.out());
            case JUNIT -> JUnitReport.write(Reported.of(report), failOn, session.out());
        }
        var missing = required.stream()
                .filter(role -> report.results().stream()
                        .noneMatch(result -> result.roles().contains(role.id())))
                .map(role -> "No " + role.id() + " was judged, and --require asks for one.")
                .distinct()
                .toList();
        missing.forEach(session::say);
        var exitCode = report.exitCode(failOn);
        return exitCode == ExitCode.FINE && !missing.isEmpty() ? ExitCode.TROUBLE : exitCode;
    }

    /** A role by its name in reports. */
    static final class RequiredRole implements ITypeConverter<Role> {
        @Override
        public Role convert(String text) {
            return Words.of(text, Role.values(), Role::id);
        }
    }
}
