// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.change;
import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ParticipantDatabaseChangeTest {

    private static final String ENV = "CANTON_PARTICIPANT_POSTGRES_";

    private static List<String> found(Subjects subject) {
        return Found.by(new ParticipantDatabaseChange(), subject);
    }

    private static List<String> grounds(Subjects subject) {
        return found(subject).stream()
                .map(text -> text.substring(0, text.indexOf(" container")))
                .toList();
    }

    private static Workloads with(Workloads workload, String part, String value) {
        return workload.withoutEnv(ENV + part).withEnv(ENV + part, value);
    }

    private static Workloads hidden(Workloads workload, String part, String key) {
        return workload.withoutEnv(ENV + part).withSecretEnv(ENV + part, "pg", key);
    }

    @Test
    void says_what_it_is() {
        assertThat(new ParticipantDatabaseChange().info().id()).isEqualTo("participant-database");
    }

    @Test
    void refuses_another_database_of_a_kms_participant() {
        assertThat(found(change(kmsParticipant(), with(kmsParticipant(), "DB", "participant_1"))))
                .containsExactly(
                        "BROKEN SEEN container participant: this update changes the database from participant_0,"
                                + " schema public to participant_1, schema public. The identity of the participant is in its"
                                + " database: on another one it starts with a new identity that its apps cannot use, or from"
                                + " 0.6.8 on not at all (pg-init refuses a second participant database) | keep"
                                + " persistence.databaseName and persistence.schema of splice-participant 0.7.3; to use a"
                                + " database that was restored under another name, add an exception for sv/participant from"
                                + " this rule to the policy file | /spec/template/spec/containers/0/env");
    }

    @Test
    void refuses_another_schema_of_a_kms_participant() {
        assertThat(grounds(change(kmsParticipant(), with(kmsParticipant(), "SCHEMA", "other"))))
                .containsExactly("BROKEN SEEN");
    }

    @Test
    void refuses_another_database_even_where_the_server_changes_too() {
        var moved = with(with(kmsParticipant(), "SERVER", "pg-2"), "DB", "participant_1");
        assertThat(grounds(change(kmsParticipant(), moved))).containsExactly("BROKEN SEEN");
    }

    @Test
    void warns_of_another_server_or_port() {
        assertThat(found(change(kmsParticipant(), with(kmsParticipant(), "SERVER", "pg-2"))))
                .containsExactly("ADVISABLE SEEN container participant: this update changes the database server from"
                        + " participant-pg.sv:5432 to pg-2.sv:5432; the participant keeps its identity only if its data"
                        + " is there | restore the database on the new server before the pod starts, or keep"
                        + " persistence.host and persistence.port of splice-participant 0.7.3 |"
                        + " /spec/template/spec/containers/0/env");
        assertThat(grounds(change(kmsParticipant(), with(kmsParticipant(), "PORT", "5433"))))
                .containsExactly("ADVISABLE SEEN");
        assertThat(grounds(change(kmsParticipant(), with(kmsParticipant(), "SERVER", "127.0.0.1"))))
                .containsExactly("ADVISABLE SEEN");
    }

    @Test
    void warns_of_each_without_kms() {
        for (var part : List.of("DB", "SCHEMA", "SERVER", "PORT")) {
            assertThat(grounds(change(participant(), with(participant(), part, "7"))))
                    .as(part)
                    .containsExactly("ADVISABLE SEEN");
        }
    }

    @Test
    void lets_another_spelling_of_the_server_pass() {
        var byAddress = with(kmsParticipant(), "SERVER", "10.96.0.7");
        assertThat(found(change(kmsParticipant(), with(kmsParticipant(), "SERVER", "Participant-pg.sv.svc"))))
                .isEmpty();
        assertThat(found(change(kmsParticipant(), byAddress)
                        .withServers(Map.of("participant-pg.sv", Set.of("10.96.0.7")))))
                .isEmpty();
        assertThat(grounds(change(kmsParticipant(), byAddress))).containsExactly("ADVISABLE SEEN");
    }

    @Test
    void a_name_that_cannot_be_read_is_the_same_from_the_same_source() {
        var before = hidden(kmsParticipant(), "DB", "name");
        assertThat(found(change(before, before.withEnv("LOG_LEVEL", "DEBUG")))).isEmpty();
        assertThat(found(change(before, before.withEnv("ADDITIONAL_CONFIG_X", "canton.monitoring.x = 1"))))
                .isEmpty();
        assertThat(grounds(change(before, with(before, "SERVER", "pg-2")))).containsExactly("ADVISABLE SEEN");
        assertThat(grounds(change(before, hidden(kmsParticipant(), "DB", "other"))))
                .containsExactly("BROKEN UNKNOWN");
        assertThat(grounds(change(kmsParticipant(), before))).containsExactly("BROKEN UNKNOWN");
        assertThat(grounds(change(participant(), hidden(participant(), "DB", "name"))))
                .containsExactly("ADVISABLE UNKNOWN");
    }

    @Test
    void a_participant_whose_kms_cannot_be_read_is_treated_as_one_with_kms() {
        var before = participant().withSecretEnv("ADDITIONAL_CONFIG_X", "config", "text");
        assertThat(grounds(change(before, with(before, "DB", "participant_1")))).containsExactly("BROKEN SEEN");
    }

    @Test
    void reads_the_storage_in_hocon() {
        var path = "canton.participants.participant.storage.config.properties.databaseName = ";
        assertThat(grounds(change(
                        kmsParticipant(), kmsParticipant().withEnv("ADDITIONAL_CONFIG_S", path + "participant_1"))))
                .containsExactly("BROKEN SEEN");
        assertThat(found(change(
                        kmsParticipant(), kmsParticipant().withEnv("ADDITIONAL_CONFIG_S", path + "participant_0"))))
                .isEmpty();
    }

    @Test
    void is_silent_of_everything_else() {
        assertThat(found(creationOf(kmsParticipant()))).isEmpty();
        assertThat(found(change(kmsParticipant(), kmsParticipant().withReplicas(2))))
                .isEmpty();
        assertThat(found(change(kmsParticipant(), Workloads.svApp()))).isEmpty();
        assertThat(found(change(Workloads.svApp(), Workloads.svApp()))).isEmpty();
        assertThat(found(Subjects.creationOfSecret(Map.of()))).isEmpty();
    }
}
