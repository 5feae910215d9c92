// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

/**
 * What is known of a rule without running it.
 *
 * @param id its name in the policy file, in messages and on the command line; never changed once released
 * @param ruleClass how bad most of what it finds is; a finding may say otherwise
 * @param summary what it catches, in a few words without a period
 */
public record RuleInfo(String id, RuleClass ruleClass, String summary) {

    /** The rule's page, as a path in the project. */
    public String page() {
        return "docs/rules/" + id + ".md";
    }
}
