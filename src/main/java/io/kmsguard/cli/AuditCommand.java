// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditedObject;
import io.kmsguard.admission.Auditor;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.admission.OpenReport;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterAudit;
import io.kmsguard.cluster.ClusterSurroundings;
import io.kmsguard.cluster.Installation;
import io.kmsguard.splice.KubernetesNames;
import java.time.Clock;
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

/** {@code kms-guard audit}: which SV is in which state. */
@Command(
        name = "audit",
        sortOptions = false,
        description =
                "Judges what runs in a cluster, or what stands in manifests, each object as if it were created as it"
                        + " is: first a row for each SV and each validator on a KMS, then what is wrong and the way out of it.",
        footer = {
            "",
            "Examples:",
            "  kms-guard audit",
            "  kms-guard audit -n sv-1 -o json > audit.json",
            "  kms-guard audit --since audit.json",
            "  kms-guard audit -o html > audit.html",
            "  kms-guard audit -o sarif manifests/ > audit.sarif",
            "",
            "What it may not see is told and stops nothing. docs/audit.md says which rights the whole of a cluster needs;"
                    + " with -n those of one namespace do.",
            "",
            "Exit codes: 0 nothing denied, 1 denied, 2 bad input, a cluster that cannot be asked, or something that could"
                    + " not be looked at (and nothing denied)."
        })
final class AuditCommand implements Callable<Integer> {

    enum Output {
        TEXT,
        JSON,
        SARIF,
        JUNIT,
        OPENREPORTS,
        HTML;

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

    /** How long the API server has to say that it is there. */
    private static final Duration ASK = Duration.ofSeconds(10);

    private static final Installation USUAL = new Installation("kms-guard", "kms-guard");

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE|DIR|-",
            description = "Manifests to audit instead of a cluster, judged as check judges them; - is standard input.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description =
                    "Of a cluster, the one namespace to audit; of manifests, the namespace of objects that name none"
                            + " (default: default).")
    private @Nullable String namespace;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Mixin
    private final PolicyOption policy = new PolicyOption();

    @Option(
            names = "--since",
            paramLabel = "FILE",
            description = "An earlier report (-o json): also tell what is new, what is gone and which rows changed. For"
                    + " text and json.")
    private @Nullable String since;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            converter = Output.Converter.class,
            description =
                    "text, json, sarif (SARIF 2.1.0), junit (JUnit XML), openreports (a List for kubectl apply) or html"
                            + " (one file for a browser) (default: ${DEFAULT-VALUE}).")
    private Output output = Output.TEXT;

    @Option(
            names = "--fail-on",
            paramLabel = "ACTION",
            converter = FailOn.Converter.class,
            description =
                    "What makes the exit code 1: deny, warn, or unseen (a warning of what is only not seen here) (default:"
                            + " ${DEFAULT-VALUE}).")
    private FailOn failOn = FailOn.DENY;

    AuditCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (cluster.isGiven() && !files.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "manifests or a cluster (--kubeconfig, --context), not both");
        }
        if (since != null && output != Output.TEXT && output != Output.JSON) {
            throw new ParameterException(spec.commandLine(), "--since needs -o text or -o json");
        }
        var problems = new ArrayList<String>();
        var policyFile = policy.read(problems);
        var earlier = Optional.ofNullable(since).flatMap(file -> EarlierAudit.read(file, problems));
        if (files.isEmpty() && namespace != null && !KubernetesNames.isLabel(namespace)) {
            problems.add("'" + Printable.of(namespace) + "' is no name of a namespace.");
        }
        var access = files.isEmpty() && problems.isEmpty()
                ? cluster.find(session.env(), problems)
                : Optional.<ClusterAccess.Configured>empty();
        if (!problems.isEmpty()) {
            return session.trouble(problems);
        }
        return access.isPresent() ? auditCluster(access.get(), policyFile, earlier) : auditFiles(policyFile, earlier);
    }

    private int auditCluster(ClusterAccess.Configured access, PolicyFile policyFile, Optional<ToldAudit> earlier) {
        try (var world = ClusterSurroundings.ofCaller(access)) {
            var silence = world.silence(Deadline.in(ASK));
            if (silence.isPresent()) {
                return session.trouble(List.of(access.cannotBeAsked(silence.get())));
            }
            var progress = new Progress(session);
            var source = new ClusterAudit(world, access.where(), Optional.ofNullable(namespace), USUAL);
            var report = new Auditor(policyFile, Clock.systemUTC()).audit(source, progress::step);
            progress.done();
            return write(report, earlier);
        }
    }

    private int auditFiles(PolicyFile policyFile, Optional<ToldAudit> earlier) {
        var progress = new Progress(session);
        var report = ManifestAudit.audit(
                ManifestFiles.read(files, session.in()),
                "manifests "
                        + String.join(", ", files.stream().map(Places::name).toList()),
                namespace == null ? "default" : namespace,
                policyFile,
                Clock.systemUTC(),
                progress::step);
        progress.done();
        return write(report, earlier);
    }

    private int write(AuditReport report, Optional<ToldAudit> earlier) {
        var news = earlier.map(before -> AuditNews.of(before, ToldAudit.of(report)));
        switch (output) {
            case TEXT -> new AuditText(session.out(), session.hasColour(), session.width()).write(report, news);
            case JSON -> AuditJson.write(report, news, session.out());
            case SARIF -> SarifReport.write(Reported.of(report), session.out());
            case JUNIT -> JUnitReport.write(Reported.of(report), failOn, session.out());
            case OPENREPORTS -> session.out().println(PrettyJson.text(OpenReport.list(report)));
            case HTML -> HtmlReport.write(report, session.out());
        }
        if (report.objects().stream().map(AuditedObject::judgement).anyMatch(failOn::holds)) {
            return ExitCode.DENIED;
        }
        return report.gaps().isEmpty() ? ExitCode.FINE : ExitCode.TROUBLE;
    }
}
