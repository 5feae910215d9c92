// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cli.Diagnosis.Level;
import io.kmsguard.cluster.ApiProbe;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterClient;
import io.kmsguard.cluster.ClusterSurroundings;
import io.kmsguard.cluster.Installation;
import io.kmsguard.splice.KubernetesNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kms-guard doctor}: whether an installation does its work, and else what to do. */
@Command(
        name = "doctor",
        sortOptions = false,
        description = "Looks whether an installation of the guard does its work: webhook configurations, certificates,"
                + " whether the API server gets through (by a dry run, so nothing is stored), the rights of its account,"
                + " its policy and replicas, what its neighbours need, and the releases of Splice that run.",
        footer = {
            "",
            "Examples:",
            "  kms-guard doctor",
            "  kms-guard doctor --installed-as guard --namespace security -o json",
            "",
            "Exit codes: 0 nothing is bad, 1 something is, 2 bad input, or a cluster that cannot be asked."
        })
final class DoctorCommand implements Callable<Integer> {

    private static final Installation USUAL = new Installation("kms-guard", "kms-guard");

    enum Output {
        TEXT,
        JSON;

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

    private final Session session;

    @Mixin
    private final InstallationOption installation = new InstallationOption();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Option(
            names = "--try-in",
            paramLabel = "NAMESPACE",
            description = "The namespace of the dry run, one that is guarded (default: that of the context, else"
                    + " default).")
    private @Nullable String tryIn;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            converter = Output.Converter.class,
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.TEXT;

    @Option(
            names = "--fail-on",
            paramLabel = "ACTION",
            converter = FailOn.Converter.class,
            description = "What makes the exit code 1: deny (what is bad), or warn or unseen (what is not ok) (default:"
                    + " ${DEFAULT-VALUE}).")
    private FailOn failOn = FailOn.DENY;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var problems = new ArrayList<String>();
        var installed = installation.read(session.env(), problems).orElse(USUAL);
        if (tryIn != null && !KubernetesNames.isLabel(tryIn)) {
            problems.add("'" + tryIn + "' is no name of a namespace.");
        }
        var access =
                problems.isEmpty() ? cluster.find(session.env(), problems) : Optional.<ClusterAccess.Configured>empty();
        if (access.isEmpty()) {
            return session.trouble(problems);
        }
        try (var client = ClusterClient.of(access.get());
                var world = ClusterSurroundings.ofCaller(access.get())) {
            var api = new ApiProbe(client);
            var silence = api.silence();
            return silence.isPresent()
                    ? session.trouble(List.of(access.get().cannotBeAsked(silence.get())))
                    : report(look(api, world, installed, namespace(access.get(), installed)));
        }
    }

    /** One that the guard never sees tells nothing. */
    private String namespace(ClusterAccess.Configured access, Installation installed) {
        return Optional.ofNullable(tryIn)
                .or(() -> Optional.ofNullable(access.config().getNamespace())
                        .filter(name -> !name.equals("kube-system") && !name.equals(installed.namespace())))
                .orElse("default");
    }

    private static List<Diagnosis> look(
            ApiProbe api, ClusterSurroundings world, Installation installed, String namespace) {
        var expected = ExpectedInstallation.read();
        var webhooks = new DoctorWebhooks(api, installed, expected);
        var state = new DoctorState(api, installed);
        var diagnoses = new ArrayList<>(webhooks.look());
        diagnoses.add(state.replicas());
        diagnoses.add(DoctorReach.look(api, installed, namespace));
        var policy = state.policy();
        diagnoses.add(new DoctorRights(api, installed, state.policyFile(), webhooks.isManaged()).look(expected));
        diagnoses.addAll(policy);
        diagnoses.addAll(new DoctorWorkloads(world).look());
        return diagnoses;
    }

    private int report(List<Diagnosis> diagnoses) {
        if (output == Output.JSON) {
            DoctorReport.json(diagnoses, session);
        } else {
            DoctorReport.text(diagnoses, session);
        }
        var bad = diagnoses.stream()
                .anyMatch(each -> each.level() == Level.BAD || (failOn != FailOn.DENY && each.level() != Level.OK));
        return bad ? ExitCode.DENIED : ExitCode.FINE;
    }
}
