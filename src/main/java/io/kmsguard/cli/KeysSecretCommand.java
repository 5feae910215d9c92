// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.ManifestProblem;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kms-guard keys secret}: for the operator who has followed the guide, and has a pair already. */
@Command(
        name = "secret",
        sortOptions = false,
        description =
                "Prints the Secret for a pair that you have: the JSON that the guide's key script printed, or a Secret"
                        + " with the key names that the guide's commands give it.",
        footer = {
            "",
            "Examples:",
            "  kms-guard keys secret -n sv cometbft-governance-keys.json | kubectl apply -f -",
            "",
            "Exit codes: 0 done, 1 what is there is no key pair, 2 bad input, or nowhere to write to."
        })
final class KeysSecretCommand implements Callable<Integer> {

    private final Session session;

    @Parameters(paramLabel = "FILE|-", description = "Where the pair is; - is standard input.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String file;

    @Mixin
    private final KeyNameOptions options = new KeyNameOptions();

    @Mixin
    private final SecretOutput output = new SecretOutput();

    KeysSecretCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var names = options.names();
        var namespace = options.namespace();
        output.check(session);
        var reading = new KeyInput(names, namespace).read(file, session.in());
        var place = Places.name(file);
        if (!reading.problems().isEmpty()) {
            return refuse(
                    ExitCode.TROUBLE,
                    place,
                    reading.problems().stream().map(ManifestProblem::message).toList());
        }
        if (reading.sources().size() > 1) {
            return refuse(ExitCode.TROUBLE, place, List.of("there are several such Secrets in it; leave one"));
        }
        var pair = reading.sources().get(0).pair();
        if (pair.isEmpty()) {
            return refuse(
                    ExitCode.DENIED,
                    place,
                    List.of(
                            "one half of the pair is not there; it is looked for as publicKey or public, and privateKey or"
                                    + " private"));
        }
        var defects = pair.get().defects();
        if (!defects.isEmpty()) {
            return refuse(
                    ExitCode.DENIED,
                    place,
                    defects.stream()
                            .map(defect ->
                                    "the " + defect.half().id() + " key " + defect.text() + ". Fix: " + defect.remedy())
                            .toList());
        }
        return KeySecrets.write(session, output, options, names, "the pair of " + place, pair.get());
    }

    private int refuse(int exitCode, String place, List<String> reasons) {
        reasons.forEach(reason -> session.say(place + ": " + reason));
        return exitCode;
    }
}
