// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Sighting;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The part of {@link KmsMigration} that goes by what the guard remembers of a database which the participant keeps. What the
 * running revision refers to may have changed already, so what it says now is not what it was started with.
 *
 * @param subject the participant's workload
 * @param seen what its database was first seen with
 */
record FirstSight(Subject subject, Sighting seen) {

    /** A message names no more. */
    private static final int MOST_SOURCES = 3;

    /** Of the database of a participant; empty where nothing is remembered. */
    static Optional<FirstSight> of(Subject subject, Container container) {
        var databases = ParticipantDatabase.of(container, subject.ref().namespace());
        return remembered(subject).stream()
                .filter(seen -> seen.database().isTold() && databases.contains(seen.database()))
                .findFirst()
                .map(seen -> new FirstSight(subject, seen));
    }

    /** Whether that is told by this and by no other rule. */
    static boolean isRemembered(Subject subject, Sighting seen) {
        return remembered(subject).contains(seen);
    }

    /** Where the memory cannot be read, the revisions are compared as they are. */
    private static List<Sighting> remembered(Subject subject) {
        return subject.facts().earlier().remembered().toOptional().orElse(List.of());
    }

    /** Whether a participant of that state has those keys, and no others. */
    boolean isOf(KmsState state) {
        return state.hidden().isEmpty() && state.hasTheKeysOf(seen.state(), subject.drivers());
    }

    /** What is wrong with a participant that has other keys. */
    Optional<Finding> find(Container container) {
        var is = KmsState.of(container);
        if (is.hidden().isPresent() || isOf(is)) {
            return Optional.empty();
        }
        var message = "its " + seen.database().describe() + ", holds the identity of " + seen.workload()
                + ", which kept its keys " + seen.state().place()
                + seen.day().map(day -> " when last seen on " + day).orElse("") + "; as it is configured now, "
                + (is.isKms()
                        ? "the participant looks for them " + is.place(seen.state(), subject.drivers())
                        : "the participant names no KMS")
                + ", and the root key of a participant can never be replaced";
        return Optional.of(KmsMigration.finding(container, Ground.SEEN, message, fix()));
    }

    /** The ConfigMaps and Secrets from which a workload takes configuration, for a person. */
    static Optional<String> sources(Optional<Workload> workload) {
        return workload.map(Workload::references)
                .filter(references -> !references.isEmpty())
                .map(references -> references.stream()
                        .map(ObjectRef::toString)
                        .limit(MOST_SOURCES)
                        .collect(Collectors.joining(", ")));
    }

    private String fix() {
        var sources = sources(subject.workload());
        var same = seen.state().isKms() ? "put back the kms values that it was seen with" : "leave kms out";
        return same + sources.map(all -> "; it takes configuration from " + all).orElse("")
                + "; where that database was dropped and made anew, kms-guard identities accept says so to the guard";
    }
}
