// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Workloads.gcp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeverAvailableTest {

    private static final String CREATED = "2026-11-27T10:00:00Z";
    private static final Lookup<Instant> BEFORE = Lookup.found(Instant.parse("2026-11-27T09:00:00Z"));
    private static final Workloads TYPO = kmsParticipant().withKms(gcp("sv-partcipant"));
    private static final Workloads NEVER = TYPO.unavailable(CREATED, "2026-11-27T10:00:01Z");

    private static List<String> grounds(Subjects subject) {
        return new KmsMigration()
                .check(subject.subject()).stream()
                        .map(finding -> finding.ground().name())
                        .toList();
    }

    @Test
    void the_first_installation_can_be_corrected() {
        var found = Found.by(
                new KmsMigration(), Subjects.change(NEVER, kmsParticipant()).withRememberedSince(BEFORE));
        assertThat(found)
                .containsExactly(
                        "IRREVERSIBLE NOTICE container participant: this update moves the participant from GCP KMS"
                                + " (project acme-canton, location us-east1, key ring sv-partcipant) to GCP KMS (project"
                                + " acme-canton, location us-east1, key ring sv-participant), where its keys are not, and the"
                                + " root key of a participant can never be replaced; this passes, since this Deployment was never"
                                + " available since it was created (" + CREATED
                                + "), and nothing is remembered of its database, so there is no identity yet | see to it that the"
                                + " database is one that no other participant has used | /spec/template/spec/containers/0/env");
    }

    @Test
    void in_every_doubt_it_is_refused() {
        var corrected = kmsParticipant();
        assertThat(grounds(Subjects.change(TYPO, corrected).withRememberedSince(BEFORE)))
                .as("no status")
                .containsExactly("SEEN");
        assertThat(grounds(Subjects.change(NEVER, corrected))).as("no memory").containsExactly("SEEN");
        assertThat(grounds(Subjects.change(NEVER, corrected)
                        .withRememberedSince(Lookup.found(Instant.parse("2026-11-27T11:00:00Z")))))
                .as("a guard that came later")
                .containsExactly("SEEN");
        assertThat(grounds(Subjects.change(NEVER, corrected)
                        .withRememberedSince(BEFORE)
                        .withRemembered(Sighting.of(TYPO.read()).get(0).on(LocalDate.of(2026, 11, 20)))))
                .as("a memory of that database")
                .containsExactly("SEEN");
        for (var since : List.of("2026-11-27T10:00:06Z", "2026-11-27T09:59:59Z", "2099-01-01T00:00:00Z", "soon", "")) {
            assertThat(grounds(Subjects.change(TYPO.unavailable(CREATED, since), corrected)
                            .withRememberedSince(BEFORE)))
                    .as(since)
                    .containsExactly("SEEN");
        }
        assertThat(grounds(Subjects.change(NEVER.ofKind("StatefulSet"), corrected.ofKind("StatefulSet"))
                        .withRememberedSince(BEFORE)))
                .as("a StatefulSet")
                .containsExactly("SEEN");
        assertThat(grounds(Subjects.change(
                                NEVER,
                                participant()
                                        .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB")
                                        .withEnv("CANTON_PARTICIPANT_POSTGRES_DB", "other"))
                        .withRememberedSince(BEFORE)))
                .as("another database")
                .containsExactly("SEEN");
    }
}
