// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.change;
import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Workloads.aws;
import static io.kmsguard.policy.Workloads.gcp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KmsIdentityReuseTest {

    private static final String GCP = "GCP KMS (project acme-canton, location us-east1, key ring sv-participant)";
    private static final String DATABASE = "database participant_0, schema public, at participant-pg.sv:5432";
    private static final String OWN =
            ", or give the participant an empty database of its own (persistence.databaseName and"
                    + " persistence.enableParticipantDbConflictCheck: false of splice-participant 0.7.3); where that database was dropped and made anew, except sv/participant from this"
                    + " rule in the policy file | /spec/template/spec/containers/0/env";
    private static final String KEEP = " | keep the kms values that the database was seen with" + OWN;
    private static final String NEVER =
            ", where those are not, and the root key of a participant can never be replaced";

    private static List<String> found(Subjects subject, Workloads... running) {
        var seen = Arrays.stream(running)
                .flatMap(workload -> Sighting.of(workload.read()).stream())
                .toList();
        return foundWith(subject, seen);
    }

    private static List<String> foundWith(Subjects subject, List<Sighting> seen) {
        return Found.by(new KmsIdentityReuse(), subject.withSightings(Lookup.found(seen)));
    }

    @Test
    void says_what_it_is() {
        assertThat(new KmsIdentityReuse().info().id()).isEqualTo("kms-identity-reuse");
    }

    @Test
    void refuses_a_participant_without_kms_on_the_database_of_one_with() {
        assertThat(found(creationOf(participant()), kmsParticipant().named("participant-0")))
                .containsExactly("IRREVERSIBLE SEEN container participant: its " + DATABASE + ", holds the identity of"
                        + " Deployment sv/participant-0, which keeps its keys in " + GCP
                        + "; this participant keeps its keys itself" + NEVER + KEEP);
    }

    @Test
    void refuses_a_participant_with_kms_on_the_database_of_one_without() {
        var seen = Sighting.of(participant().read()).get(0).on(LocalDate.of(2026, 11, 20));
        assertThat(foundWith(creationOf(kmsParticipant()), List.of(seen)))
                .containsExactly("IRREVERSIBLE SEEN container participant: its " + DATABASE + ", holds the identity of"
                        + " Deployment sv/participant, which kept its keys itself when last seen on 2026-11-20; this"
                        + " participant keeps its keys in " + GCP + NEVER + " | leave kms out"
                        + OWN.replace(
                                "except sv/participant from this rule in the policy file",
                                "kms-guard identities forget says so to the guard"));
    }

    @Test
    void refuses_another_kms_on_the_database() {
        for (var other : List.of(gcp("other"), aws("us-east-1", true), "type = driver, name = hsm")) {
            assertThat(found(creationOf(participant().withKms(other)), kmsParticipant()))
                    .as(other)
                    .hasSize(1);
        }
    }

    @Test
    void judges_what_the_same_kms_is_as_for_an_update() {
        assertThat(found(creationOf(kmsParticipant()), kmsParticipant())).isEmpty();
        assertThat(found(creationOf(participant()), participant())).isEmpty();
        assertThat(found(
                        creationOf(participant().withKms(aws("eu-central-1", true))),
                        participant().withKms(aws("us-east-1", true))))
                .isEmpty();
        assertThat(found(
                        creationOf(participant().withKms(aws("eu-central-1", true))),
                        participant().withKms(aws("us-east-1", false))))
                .hasSize(1);
    }

    @Test
    void lets_a_database_pass_that_was_not_seen() {
        var restored = kmsParticipant()
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB")
                .withEnv("CANTON_PARTICIPANT_POSTGRES_DB", "participant_1");
        assertThat(found(creationOf(restored), participant())).isEmpty();
        assertThat(found(creationOf(kmsParticipant()))).isEmpty();
    }

    @Test
    void looks_for_the_server_and_not_for_its_spelling() {
        var elsewhere = participant()
                .in("other")
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                .withEnv("CANTON_PARTICIPANT_POSTGRES_SERVER", "participant-pg.sv.svc.cluster.local");
        assertThat(found(creationOf(elsewhere), kmsParticipant())).hasSize(1);
        assertThat(found(creationOf(participant().in("other")), kmsParticipant()))
                .isEmpty();
    }

    @Test
    void cannot_tell_where_the_database_cannot_be_read() {
        var hidden = participant()
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                .withSecretEnv("CANTON_PARTICIPANT_POSTGRES_SERVER", "pg", "host");
        assertThat(found(creationOf(hidden), kmsParticipant()))
                .containsExactly(
                        "IRREVERSIBLE UNKNOWN container participant: its database participant_0, schema public, at"
                                + " ?:5432, may hold the identity of Deployment sv/participant, which keeps its keys in "
                                + GCP
                                + ", and whether this participant has those could not be told: the parts of a database that"
                                + " show as ? are not known (of a server, also where it is the pod itself) | write its"
                                + " CANTON_PARTICIPANT_POSTGRES_ env vars as plain values, and keep the kms values that the"
                                + " database was seen with" + OWN);
        assertThat(found(creationOf(hidden), participant())).isEmpty();
        assertThat(found(creationOf(hidden.in("other")), kmsParticipant())).isEmpty();
    }

    @Test
    void cannot_tell_where_the_keys_cannot_be_read() {
        var hidden = participant().withSecretEnv("ADDITIONAL_CONFIG_X", "config", "text");
        var why = "it takes ADDITIONAL_CONFIG_X from key text of Secret config, which could not be read";
        assertThat(found(creationOf(hidden), participant()))
                .containsExactly("IRREVERSIBLE UNKNOWN container participant: its " + DATABASE
                        + ", may hold the identity of Deployment sv/participant, which keeps its keys itself, and"
                        + " whether this participant has those could not be told: " + why + " | leave kms out" + OWN);
        assertThat(found(creationOf(participant()), hidden))
                .containsExactly("IRREVERSIBLE UNKNOWN container participant: its " + DATABASE
                        + ", may hold the identity of Deployment sv/participant, which keeps its keys itself, and"
                        + " whether this participant has those could not be told: " + why + " | leave kms out" + OWN);
    }

    @Test
    void cannot_tell_where_nothing_could_be_looked_up() {
        assertThat(Found.by(
                        new KmsIdentityReuse(),
                        creationOf(participant()).withSightings(Lookup.unknown("the cluster is down"))))
                .containsExactly("IRREVERSIBLE UNKNOWN container participant: whether its " + DATABASE
                        + " was last seen with other keys could not be told: the cluster is down | let the guard list"
                        + " Deployments and StatefulSets, and try again | /spec/template/spec/containers/0/env");
    }

    @Test
    void a_participant_that_never_started_leaves_no_identity() {
        var broken = participant().withEnv("ADDITIONAL_CONFIG_X", "canton.participants.a.b = https://c\n");
        var other = participant().withKms("type = azure");
        assertThat(found(creationOf(kmsParticipant()), broken, other)).isEmpty();
    }

    @Test
    void an_update_that_keeps_its_database_is_for_another_rule() {
        assertThat(found(change(participant(), kmsParticipant()), participant()))
                .isEmpty();
    }

    @Test
    void refuses_an_update_that_moves_to_a_database_seen_with_other_keys() {
        var moved = participant()
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB")
                .withEnv("CANTON_PARTICIPANT_POSTGRES_DB", "participant_1");
        var other = moved.withKms(gcp("sv-participant")).named("participant-1");
        assertThat(found(change(participant(), moved), participant(), other)).hasSize(1);
        assertThat(found(change(participant(), moved), participant())).isEmpty();
    }

    @Test
    void is_silent_of_everything_else() {
        assertThat(found(creationOf(Workloads.svApp()), kmsParticipant())).isEmpty();
        assertThat(Found.by(new KmsIdentityReuse(), Subjects.creationOfSecret(Map.of())))
                .isEmpty();
    }
}
