// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kms-guard identities} alone: says what there is. */
@Command(
        name = "identities",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows which keys the participant of each database was first seen with, and settles what differs"
                + " since: that is never done without a person.",
        footer = {
            "",
            "Examples:",
            "  kms-guard identities list --installed-as kms-guard --namespace kms-guard",
            "  kms-guard identities accept participant-pg.sv:5432/participant_0/participant --installed-as kms-guard"
                    + " --namespace kms-guard",
            "  kms-guard identities forget participant-pg.sv:5432/participant_0/participant --identities"
                    + " identities.yaml"
        })
final class IdentitiesCommand implements Callable<Integer> {

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    IdentitiesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(session.err());
        return ExitCode.TROUBLE;
    }
}
