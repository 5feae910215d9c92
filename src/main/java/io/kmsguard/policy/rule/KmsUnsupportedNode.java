// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.CryptoConfig;
import io.kmsguard.splice.Role;
import java.util.List;

/** A sequencer or mediator on a KMS, which Splice does not support officially yet (Splice documentation, "KMS"). */
final class KmsUnsupportedNode implements Rule {

    private static final RuleInfo INFO =
            new RuleInfo("kms-unsupported-node", RuleClass.ADVISABLE, "a KMS on a sequencer or mediator");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        return subject.workload().stream()
                .flatMap(workload -> workload.containers().stream())
                .flatMap(container -> container.config().cryptos().stream()
                        .filter(crypto -> crypto.role() == Role.SEQUENCER || crypto.role() == Role.MEDIATOR)
                        .filter(CryptoConfig::isKms)
                        .map(crypto -> Finding.seen(
                                INFO,
                                container.name() + " " + crypto.path(),
                                "container " + container.name() + ": " + crypto.path()
                                        + " is on a KMS, which Splice does not support officially for a "
                                        + crypto.role().id(),
                                "remove " + crypto.path() + " before the node first starts, and leave the KMS to"
                                        + " participants",
                                container.path() + "/env")))
                .toList();
    }
}
