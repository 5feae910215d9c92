// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CryptoConfig;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * A KMS in a mode that Splice does not support: envelope encryption, or a {@code kms} block that Canton does not use
 * because {@code provider} is not {@code kms}. Splice supports External Key Storage only (Splice documentation, "KMS").
 */
final class KmsMode implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "kms-mode", RuleClass.BROKEN, "a KMS that is configured in a mode that Splice does not support");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload()
                .ifPresent(workload -> workload.containers(Role.PARTICIPANT)
                        .forEach(container -> container.config().cryptos().stream()
                                .filter(crypto -> crypto.role() == Role.PARTICIPANT)
                                .forEach(crypto -> check(container, crypto, findings))));
        return findings;
    }

    private static void check(Container container, CryptoConfig crypto, List<Finding> findings) {
        var where = "container " + container.name() + ": " + crypto.path();
        if (crypto.envelope()) {
            findings.add(Finding.seen(
                    INFO,
                    crypto.path() + ".private-key-store",
                    where
                            + ".private-key-store.encryption.type is kms (envelope encryption), which Splice does not support",
                    "remove private-key-store.encryption, once reverted (reverted = true) where keys are encrypted already; a"
                            + " participant that shall keep its keys in a KMS is installed fresh, with the kms values of"
                            + " splice-participant",
                    container.path() + "/env"));
        } else if (crypto.kms().isPresent() && !crypto.isKms()) {
            findings.add(Finding.seen(
                    INFO,
                    crypto.path() + ".provider",
                    where + " has a kms block, but provider is "
                            + crypto.provider().orElse("not set (Canton's default is jce)")
                            + ", so the participant would make keys of its own",
                    "set " + crypto.path() + ".provider = kms on a fresh participant, or remove the kms block",
                    container.path() + "/env"));
        }
    }
}
