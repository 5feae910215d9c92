// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Operation;
import java.util.List;

/**
 * What came back for one object, from both webhooks.
 *
 * @param operation what the object's coming was
 * @param rules the ids of the rules that decided
 * @param message why it is refused; empty where it is not
 * @param warnings as the webhooks sent them
 * @param added what was injected, each entry as the list it went to and its name: {@code env GOOGLE_…}
 */
record DemoAnswer(
        Operation operation,
        Decision decision,
        List<String> rules,
        String message,
        List<String> warnings,
        List<String> added) {}
