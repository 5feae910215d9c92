// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Role;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A participant that takes configuration from what could not be read. Nothing is wrong yet, but its first update could not be
 * compared with what runs, so it is told when the participant is created.
 */
final class UnreadConfiguration {

    /** What only a running pod knows is no object that could be read. */
    private static final Pattern OBJECT = Pattern.compile("(Secret|ConfigMap) ");

    private UnreadConfiguration() {}

    static Optional<Finding> find(RuleInfo rule, Subject subject, Container container) {
        var unread = container.config().unseen().stream()
                .filter(what -> OBJECT.matcher(what).find())
                .toList();
        if (unread.isEmpty() || subject.operation() != Operation.CREATE || !container.is(Role.PARTICIPANT)) {
            return Optional.empty();
        }
        var names = String.join(", ", unread);
        return Optional.of(new Finding(
                rule,
                RuleClass.ADVISABLE,
                Ground.ABSENT,
                container.name() + " unread",
                "container " + container.name() + " takes " + names + ", which could not be read"
                        + (names.contains("Secret ") ? " (see readableSecrets)" : "")
                        + ", so a later change of its KMS cannot be determined",
                "add the Secret to readableSecrets of the guard's chart, or give it to kms-guard check along with the"
                        + " workload",
                container.path() + "/env"));
    }
}
