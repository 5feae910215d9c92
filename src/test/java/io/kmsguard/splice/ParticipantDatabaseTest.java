// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParticipantDatabaseTest {

    private static final String ENV = "CANTON_PARTICIPANT_POSTGRES_";

    private static Manifest participant(String server) {
        return Manifest.participant().env(ENV + "SERVER", server);
    }

    private static List<String> read(Manifest manifest) {
        return manifest.read().databases().stream()
                .map(ParticipantDatabase::describe)
                .toList();
    }

    @Test
    void is_what_the_env_vars_of_the_image_say() {
        var all = participant("participant-pg")
                .env(ENV + "PORT", "5433")
                .env(ENV + "DB", "participant_0")
                .env(ENV + "SCHEMA", "Participant");
        assertThat(read(all)).containsExactly("database participant_0, schema participant, at participant-pg.sv:5433");
    }

    @Test
    void what_is_not_set_has_its_default() {
        assertThat(read(participant("participant-pg")))
                .containsExactly("database cantonnet, schema public, at participant-pg.sv:5432");
    }

    @ParameterizedTest
    @CsvSource({
        "participant-pg, participant-pg.sv",
        "participant-pg.sv, participant-pg.sv",
        "Participant-PG.sv.svc, participant-pg.sv",
        "participant-pg.sv.svc.cluster.local., participant-pg.sv",
        "participant-pg.other.svc, participant-pg.other",
        "10.1.2.3, 10.1.2.3",
        "DB.acme.example.com., db.acme.example.com",
        "localhost, ?",
        "127.0.0.1, ?",
        "::1, ?",
        "' ', ?"
    })
    void every_spelling_of_a_server_is_one(String written, String server) {
        assertThat(read(participant(written)))
                .containsExactly("database cantonnet, schema public, at " + server + ":5432");
    }

    @Test
    void what_cannot_be_read_is_not_known_and_may_be_any() {
        var hidden = Manifest.participant()
                .secretEnv(ENV + "SERVER", "pg", "host", false)
                .read();
        var database = hidden.databases().get(0);
        assertThat(database.isTold()).isFalse();
        assertThat(database.describe()).isEqualTo("database cantonnet, schema public, at ?:5432");
        assertThat(database.mayBe(participant("pg").read().databases().get(0))).isTrue();
        assertThat(database.mayBe(participant("pg")
                        .env(ENV + "DB", "x")
                        .read()
                        .databases()
                        .get(0)))
                .isFalse();
        assertThat(read(Manifest.participant())).containsExactly("database cantonnet, schema public, at ?:5432");
    }

    @Test
    void what_is_looked_up_is_known() {
        var hidden = Manifest.participant()
                .secretEnv(ENV + "SERVER", "pg", "host", false)
                .read();
        var known = hidden.completed(ref -> Optional.of(Map.of("host", "participant-pg")));
        assertThat(known.databases().get(0).describe())
                .isEqualTo("database cantonnet, schema public, at participant-pg.sv:5432");
    }

    @Test
    void hocon_overrides_the_env_vars() {
        var hocon =
                participant("participant-pg").env("ADDITIONAL_CONFIG_DB", """
                        canton.participants.participant.storage.config.properties {
                          serverName = ${OTHER}
                          portNumber = 6543
                          password = "p"
                        }
                        """).env("OTHER", "other-pg");
        assertThat(read(hocon)).containsExactly("database cantonnet, schema public, at other-pg.sv:6543");
    }

    @Test
    void hocon_that_cannot_be_read_is_not_known() {
        var properties = "canton.participants.participant.storage.config.properties ";
        assertThat(read(participant("pg").env("ADDITIONAL_CONFIG_DB", properties + "{ serverName = ${NOWHERE} }")))
                .containsExactly("database cantonnet, schema public, at ?:5432");
        assertThat(read(participant("pg")
                        .env("ADDITIONAL_CONFIG_DB", properties + "{ url = \"jdbc:postgresql://a/b\" }")))
                .containsExactly("database ?, schema ?, at ?:?");
        var secret = participant("pg")
                .env("ADDITIONAL_CONFIG_DB", properties + "{ databaseName = ${DB} }")
                .secretEnv("DB", "pg", "name", false)
                .read();
        assertThat(secret.databases().get(0).describe()).isEqualTo("database ?, schema public, at pg.sv:5432");
        assertThat(secret.containers().get(0).config().unseen()).isEmpty();
    }

    @Test
    void each_participant_with_storage_of_its_own_has_its_database() {
        var two = participant("pg").env("ADDITIONAL_CONFIG_DB", """
                canton.participants.a.storage.config.properties.databaseName = a
                canton.participants.b.storage.config.properties.databaseName = b
                """);
        assertThat(read(two))
                .containsExactly(
                        "database a, schema public, at pg.sv:5432", "database b, schema public, at pg.sv:5432");
    }
}
