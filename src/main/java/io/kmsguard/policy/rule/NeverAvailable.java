// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.util.Optional;

/**
 * The part of {@link KmsMigration} that lets the first installation be corrected. A participant makes no identity by itself: the SV app
 * or validator app initialises it once it is ready, so one that was never available has none (Splice's and Canton's {@code app.conf},
 * {@code identity.type = manual}).
 */
final class NeverAvailable {

    private NeverAvailable() {}

    /** What to add to the way out where only files were read, which tell nothing of whether a participant was ever available. */
    static String hint(Subject subject) {
        return subject.partial()
                        && subject.workloadBefore()
                                .flatMap(Workload::neverAvailableSince)
                                .isEmpty()
                ? "; kms-guard check --live tells whether the participant was ever available, and so has an identity to lose"
                : "";
    }

    /**
     * Why no identity can be lost, as a clause; empty in every doubt: where the status does not say so, where anything is remembered of
     * its database, or where the guard came after the Deployment.
     */
    static Optional<String> why(Subject subject, Container old) {
        var created = subject.workloadBefore().flatMap(Workload::neverAvailableSince);
        var guarded = subject.facts().earlier().rememberedSince().toOptional();
        var nothing = subject.facts()
                .earlier()
                .remembered()
                .map(all -> all.isEmpty())
                .toOptional()
                .orElse(false);
        var databases = ParticipantDatabase.of(old, subject.ref().namespace());
        var isKept = subject.workload()
                .filter(workload -> workload.databases().containsAll(databases))
                .isPresent();
        return created.filter(at -> nothing
                        && isKept
                        && databases.stream().allMatch(ParticipantDatabase::isTold)
                        && guarded.filter(at::isAfter).isPresent())
                .map(at -> "this Deployment was never available since it was created (" + at
                        + "), and nothing is remembered of its database, so there is no identity yet");
    }
}
