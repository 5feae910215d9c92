// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.KeyPairTexts;

/** Writes the Secret for a pair, and says on standard error what was made and what comes next. */
final class KeySecrets {

    private KeySecrets() {}

    /**
     * Writes it.
     *
     * @param what what the pair is, for example {@code a new pair}
     * @return the exit code
     */
    static int write(
            Session session,
            SecretOutput output,
            KeyNameOptions options,
            SecretNames names,
            String what,
            KeyPairTexts pair) {
        var trouble = output.write(SecretManifest.of(pair, names, options.namespace()), session);
        if (trouble.isPresent()) {
            session.say(trouble.get());
            return ExitCode.TROUBLE;
        }
        session.say(what + " for " + options.label(names) + ": public key " + pair.publicKey() + ", fingerprint "
                + pair.fingerprint().orElse("none"));
        output.apply(options.kubectl()).ifPresent(apply -> session.say("apply it: " + apply));
        session.say("see whether it arrived: " + options.kubectl() + " get secret " + names.governance()
                + " -o yaml | kms-guard keys verify -");
        return ExitCode.FINE;
    }
}
