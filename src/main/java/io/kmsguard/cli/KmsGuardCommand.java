// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kms-guard} alone: says what there is. */
@Command(
        name = "kms-guard",
        versionProvider = KmsGuardCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Guards Splice participants on an external KMS: says what would break, and what could never be"
                + " undone, before it is applied.",
        footer = {
            "",
            "Examples:",
            "  helm template participant … | kms-guard check -",
            "  kms-guard check --old running/ upgrade/",
            "  kms-guard audit",
            "  kms-guard explain kms-migration",
            "",
            "Exit codes: 0 nothing denied, 1 denied, 2 bad input."
        })
final class KmsGuardCommand implements Callable<Integer> {

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    @SuppressWarnings("unused") // read by picocli
    private boolean version;

    KmsGuardCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(session.err());
        return ExitCode.TROUBLE;
    }

    /** From the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"kms-guard " + ofJar().orElse("(not built as a jar)")};
        }

        static Optional<String> ofJar() {
            return Optional.ofNullable(KmsGuardCommand.class.getPackage().getImplementationVersion());
        }
    }
}
