// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvVar;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An env var of a participant or SV app by {@code vault:} reference, where no mutating webhook by the name of Vault is there: pods
 * that start from now on read the reference itself for the value. A webhook is known by its name only, so this is never more
 * than a warning. Nothing where nobody looks at webhooks, as in a review and over most files.
 */
final class VaultInjector implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "vault-injector", RuleClass.ADVISABLE, "values by vault: reference, and nothing there that puts them in");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var webhooks = subject.facts().mutatingWebhooks();
        if (webhooks instanceof Lookup.Absent
                || webhooks.map(VaultInjector::hasVault).toOptional().orElse(false)) {
            return List.of();
        }
        return subject.workload().stream()
                .flatMap(workload -> workload.containers().stream())
                .filter(container -> !container.roles().isEmpty())
                .flatMap(container -> find(container, webhooks).stream())
                .toList();
    }

    private static boolean hasVault(List<String> webhooks) {
        return webhooks.stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).contains("vault"));
    }

    private static Optional<Finding> find(Container container, Lookup<List<String>> webhooks) {
        var references =
                container.env().stream().filter(EnvVar::isVaultReference).toList();
        return references.stream().findFirst().map(first -> {
            var others = references.size() == 1 ? "" : " (and " + (references.size() - 1) + " more)";
            var message =
                    "container " + container.name() + ": " + first.name() + others + " is a vault: reference, and ";
            var finding = Finding.seen(
                    INFO,
                    container.name(),
                    message
                            + (webhooks instanceof Lookup.Unknown<List<String>> unknown
                                    ? "whether a webhook puts the value in could not be told: " + unknown.why()
                                    : "no mutating webhook of Vault is there to put the value in"),
                    "install the vault-secrets-webhook of bank-vaults before the pods start again; fine as it is where"
                            + " the image resolves references itself",
                    first.path());
            return finding.on(webhooks instanceof Lookup.Unknown ? Ground.UNKNOWN : Ground.SEEN);
        });
    }
}
