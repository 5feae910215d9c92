// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cli.KeyInput.Source;
import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Subject;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KeyDefect.Half;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.KmsDrivers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kms-guard keys verify}: what the rules say of a key, before it is anywhere. */
@Command(
        name = "verify",
        sortOptions = false,
        description = "Says whether a governance key can be used: that of a Secret, or of the JSON that the guide's key"
                + " script printed. No private key is ever shown.",
        footer = {
            "",
            "Examples:",
            "  kms-guard keys verify cometbft-governance-keys.json",
            "  kubectl -n sv get secret splice-app-sv-cometbft-governance-key -o yaml | kms-guard keys verify -",
            "",
            "Exit codes: 0 it can be used, 1 it cannot, 2 bad input."
        })
final class KeysVerifyCommand implements Callable<Integer> {

    /** What judges a Secret on its own; the other rules need the world around it. */
    private static final Set<String> RULES =
            Set.of("governance-key-secret", "governance-key-format", "governance-key-published");

    private final Session session;

    @Parameters(paramLabel = "FILE|-", description = "Where the key is; - is standard input.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String file;

    @Mixin
    private final KeyNameOptions options = new KeyNameOptions();

    KeysVerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var names = options.names();
        var namespace = options.namespace().isEmpty() ? "default" : options.namespace();
        var reading = new KeyInput(names, namespace).read(file, session.in());
        var place = Places.name(file);
        reading.problems().forEach(problem -> session.say(Places.of(problem)));
        var wrong = 0;
        for (var source : reading.sources()) {
            wrong += report(source, place, names) ? 0 : 1;
        }
        if (wrong > 0) {
            return ExitCode.DENIED;
        }
        return reading.problems().isEmpty() ? ExitCode.FINE : ExitCode.TROUBLE;
    }

    private boolean report(Source source, String place, SecretNames names) {
        var secret = source.secret();
        var own = names.withGovernance(secret.ref().name(), names.publicKey(), names.privateKey());
        var findings = findings(secret, own);
        session.out()
                .println((findings.isEmpty() ? "good   " : "WRONG  ") + source.label() + "  " + place + ":"
                        + source.line());
        right(source, own, findings.isEmpty());
        var byFix =
                findings.stream().collect(Collectors.groupingBy(Finding::fix, LinkedHashMap::new, Collectors.toList()));
        byFix.forEach((fix, same) -> {
            same.forEach(finding -> session.out().println("  " + finding.rule().id() + ": " + finding.message() + "."));
            // Without a period: it holds a command to copy.
            session.out().println("  Fix: " + fix);
        });
        return findings.isEmpty();
    }

    private static List<Finding> findings(GovernanceSecret secret, SecretNames names) {
        var subject = new Subject(Operation.CREATE, secret, Optional.empty(), true, names, KmsDrivers.NONE, Facts.NONE);
        return Rules.all().stream()
                .filter(rule -> RULES.contains(rule.info().id()))
                .flatMap(rule -> rule.check(subject).stream())
                .toList();
    }

    /** What is right; what is wrong is for the rules to say. */
    private void right(Source source, SecretNames names, boolean good) {
        var publicKey = Optional.ofNullable(source.secret().keys().get(names.publicKey()));
        var privateKey = Optional.ofNullable(source.secret().keys().get(names.privateKey()));
        if (publicKey.or(() -> privateKey).filter(KeyText::isVaultReference).isPresent()) {
            session.out().println("  holds vault: references, which only the pod resolves");
        } else if (good) {
            session.out()
                    .println("  keys " + names.publicKey() + " and " + names.privateKey()
                            + " are one Ed25519 pair, fingerprint "
                            + KeyPair.fingerprint(publicKey, privateKey).orElse(""));
        } else {
            half(Half.PUBLIC, names.publicKey(), publicKey);
            half(Half.PRIVATE, names.privateKey(), privateKey);
        }
    }

    private void half(Half half, String key, Optional<KeyText> text) {
        if (text.isPresent() && KeyPair.diagnoseHalf(half, text.get()).isEmpty()) {
            session.out().println("  key " + key + " on its own is 32 bytes in base64, as it should be");
        }
    }
}
