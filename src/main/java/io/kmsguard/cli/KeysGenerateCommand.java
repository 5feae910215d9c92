// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.splice.KeyPairTexts;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kms-guard keys generate}. */
@Command(
        name = "generate",
        sortOptions = false,
        description = "Makes a new governance key pair and prints the Secret with it. Nothing else of it is kept.",
        footer = {
            "",
            "Examples:",
            "  kms-guard keys generate -n sv | kubectl apply -f -",
            "  kms-guard keys generate -n sv --out secret.yaml",
            "",
            "Exit codes: 0 done, 2 bad input, or nowhere to write to."
        })
final class KeysGenerateCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final KeyNameOptions options = new KeyNameOptions();

    @Mixin
    private final SecretOutput output = new SecretOutput();

    KeysGenerateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var names = options.names();
        options.namespace();
        output.check(session);
        // The system's own, which is as random as the keys that the guide has openssl make.
        return KeySecrets.write(
                session, output, options, names, "a new pair", KeyPairTexts.generate(new SecureRandom()));
    }
}
