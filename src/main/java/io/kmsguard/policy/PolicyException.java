// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.splice.ObjectRef;
import java.time.LocalDate;
import java.util.Optional;

/**
 * One exception from one rule, as it stands in the guard's own policy file: what would be refused passes with a warning.
 *
 * @param rule the rule's id
 * @param namespace where it holds
 * @param name the one object that it is for; empty for every object of the namespace, which no irreversible rule takes
 * @param owner who answers for it
 * @param reason why
 * @param until the last day on which it holds (UTC)
 */
public record PolicyException(
        String rule, String namespace, Optional<String> name, String owner, String reason, LocalDate until) {

    /** Whether it is meant for a finding of that rule on that object, expired or not. */
    public boolean covers(String ruleId, ObjectRef ref) {
        return rule.equals(ruleId)
                && namespace.equals(ref.namespace())
                && name.map(ref.name()::equals).orElse(true);
    }

    public boolean isExpired(LocalDate today) {
        return until.isBefore(today);
    }
}
