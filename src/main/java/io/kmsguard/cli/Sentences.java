// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditedObject;
import io.kmsguard.admission.Wording;
import io.kmsguard.injection.Completion;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.splice.Releases;
import io.kmsguard.splice.SpliceVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What reports say of rulings and injections, alike in every form. */
final class Sentences {

    private static final String DONE = "injected ";

    private Sentences() {}

    /** A finding, and why it is milder than its rule where it is. */
    static String message(Ruling ruling) {
        return Wording.sentence(ruling);
    }

    /** That objects run releases which are not known here; empty where none does. */
    static Optional<String> newer(List<AuditedObject> objects) {
        if (objects.isEmpty()) {
            return Optional.empty();
        }
        var releases = objects.stream()
                .flatMap(object -> object.version().stream())
                .sorted()
                .map(SpliceVersion::toString)
                .distinct()
                .collect(Collectors.joining(", "));
        return Optional.of(TextFindings.counted(objects.size(), "object")
                + (objects.size() == 1 ? " runs Splice " : " run Splice ") + releases + ", newer than "
                + Releases.NEWEST
                + ", the newest release that this guard knows. What is new there only brings warnings.");
    }

    /** Notes of what was injected, as a check says them: nothing has been yet. */
    static List<String> injections(Completion completion) {
        return completion.notes().stream()
                .map(note -> note.startsWith(DONE) ? "would be injected: " + note.substring(DONE.length()) : note)
                .toList();
    }
}
