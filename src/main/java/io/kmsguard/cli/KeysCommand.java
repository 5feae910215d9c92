// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kms-guard keys} alone: says what there is. */
@Command(
        name = "keys",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Makes, mends and verifies the governance key that an SV on a KMS participant is given from outside.",
        footer = {
            "",
            "Examples:",
            "  kms-guard keys generate -n sv | kubectl apply -f -",
            "  kms-guard keys secret -n sv cometbft-governance-keys.json | kubectl apply -f -",
            "  kubectl -n sv get secret splice-app-sv-cometbft-governance-key -o yaml | kms-guard keys verify -"
        })
final class KeysCommand implements Callable<Integer> {

    private final Session session;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    KeysCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(session.err());
        return ExitCode.TROUBLE;
    }
}
