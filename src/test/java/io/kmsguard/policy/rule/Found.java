// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.Subjects;
import java.util.List;

/** What a rule finds, in one line each: how bad, on what ground, the message, the way out, and where. */
final class Found {

    private Found() {}

    static List<String> by(Rule rule, Subjects subject) {
        return rule.check(subject.subject()).stream().map(Found::line).toList();
    }

    private static String line(Finding finding) {
        return finding.ruleClass() + " " + finding.ground() + " " + finding.message() + " | " + finding.fix() + " | "
                + finding.path();
    }
}
