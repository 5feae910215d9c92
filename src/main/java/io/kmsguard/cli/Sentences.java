// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Wording;
import io.kmsguard.injection.Completion;
import io.kmsguard.policy.Judgement.Ruling;
import java.util.List;

/** What reports say of rulings and injections, alike in every form. */
final class Sentences {

    private static final String DONE = "injected ";

    private Sentences() {}

    /** A finding, and why it is milder than its rule where it is. */
    static String message(Ruling ruling) {
        return Wording.sentence(ruling);
    }

    /** Notes of what was injected, as a check says them: nothing has been yet. */
    static List<String> injections(Completion completion) {
        return completion.notes().stream()
                .map(note -> note.startsWith(DONE) ? "would be injected: " + note.substring(DONE.length()) : note)
                .toList();
    }
}
