// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.Judgement.Decision;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * One thing that an operator does, and what must come of it.
 *
 * @param title in a line of a table
 * @param there what is put into the cluster first, past the webhooks
 * @param applied what goes through the webhooks
 * @param rules the ids of the rules that decide
 * @param added as in {@link DemoAnswer}
 */
record DemoStep(
        String title,
        List<JsonNode> there,
        JsonNode applied,
        Decision decision,
        List<String> rules,
        List<String> added) {

    boolean isAsExpected(DemoAnswer answer) {
        return answer.decision() == decision
                && answer.rules().equals(rules)
                && answer.added().equals(added);
    }

    String expectation() {
        return decision.id() + " by " + (rules.isEmpty() ? "no rule" : String.join(", ", rules))
                + (added.isEmpty() ? "" : ", with " + String.join(", ", added));
    }
}
