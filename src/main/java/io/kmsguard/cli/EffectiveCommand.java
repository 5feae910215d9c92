// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.admission.ManifestReader.Reading;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.admission.WorkloadView;
import io.kmsguard.splice.EffectiveConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kms-guard effective}. */
@Command(
        name = "effective",
        sortOptions = false,
        description = "Shows the configuration that Canton reads out of the ADDITIONAL_CONFIG env vars of each Splice"
                + " container: all texts as one, and for each key the env var and line it comes from. Secrets are not"
                + " shown.",
        footer = {
            "",
            "Examples:",
            "  helm template participant … -n sv | kms-guard effective -n sv -",
            "  kms-guard effective manifests/ | grep key-ring-id",
            "  kms-guard effective -o json sv.yaml | jq '.containers[].entries[]'",
            "",
            "What the configuration inside the image says is not in a manifest, and not shown.",
            "",
            "Exit codes: 0 all shown, 2 bad input, or a configuration that Canton cannot read."
        })
final class EffectiveCommand implements Callable<Integer> {

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

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE|DIR|-",
            description = "Where to look, ConfigMaps and Secrets included. Of a folder, all .yaml, .yml and .json files"
                    + " below; - is standard input, and the default where that is not a terminal.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Namespace of objects that name none (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            converter = Output.Converter.class,
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.TEXT;

    EffectiveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (files.isEmpty() && session.terminals().in()) {
            throw new ParameterException(spec.commandLine(), "name files or folders, or - for standard input");
        }
        var reading = ManifestFiles.read(files.isEmpty() ? List.of(ManifestFiles.STANDARD_INPUT) : files, session.in());
        var world = ManifestSurroundings.of(reading.manifests(), List.of(), namespace);
        var containers = reading.manifests().stream()
                .filter(ManifestSurroundings::isWorkload)
                .flatMap(manifest -> containers(manifest, world))
                .toList();
        if (output == Output.JSON) {
            EffectiveReport.json(containers, reading.problems(), session.out());
        } else {
            EffectiveReport.text(containers, reading.problems(), session.out());
            Unjudged.of(reading.manifests(), namespace)
                    .forEach(object -> session.out().println("# not shown: " + object.sentence()));
        }
        return isFine(reading, containers) ? ExitCode.FINE : ExitCode.TROUBLE;
    }

    private Stream<EffectiveReport.Shown> containers(Manifest manifest, ManifestSurroundings world) {
        var ref = manifest.ref(namespace);
        return WorkloadView.of(manifest.object(), ref.namespace(), world, Deadline.none()).stream()
                .flatMap(view -> {
                    var without = view.withoutSecrets().containers();
                    return view.workload().containers().stream()
                            .filter(container -> !container.roles().isEmpty())
                            .map(container -> new EffectiveReport.Shown(
                                    manifest,
                                    ref,
                                    container,
                                    EffectiveConfig.of(container, without.get(container.index()))));
                });
    }

    private static boolean isFine(Reading reading, List<EffectiveReport.Shown> containers) {
        return reading.problems().isEmpty()
                && containers.stream()
                        .allMatch(shown -> shown.config().unreadable().isEmpty());
    }
}
