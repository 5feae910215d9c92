// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kms-guard certs} alone: says what there is. */
@Command(
        name = "certs",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows, checks and makes the certificates that the webhook is called by. Never prints a key.",
        footer = {
            "",
            "Examples:",
            "  kms-guard certs show --installed-as kms-guard --namespace kms-guard",
            "  kms-guard certs check --installed-as kms-guard --namespace kms-guard",
            "  kms-guard certs check certs/",
            "  kms-guard certs make"
        })
final class CertsCommand implements Callable<Integer> {

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    CertsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(session.err());
        return ExitCode.TROUBLE;
    }
}
