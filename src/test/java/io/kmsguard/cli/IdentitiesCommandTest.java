// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentitiesCommandTest {

    private static final String TEXT = """
            apiVersion: kms-guard.io/v1
            kind: ParticipantIdentities
            databases:
            - server: pg.sv
              port: "5432"
              database: participant_0
              schema: participant
              keys: [{type: gcp, project: acme-canton, location: us-east1, keyRing: sv}]
              workload: {kind: Deployment, namespace: sv, name: participant}
              lastSeen: 2026-11-20
              conflict: {keys: [], workload: {kind: Deployment, namespace: sv, name: participant}, since: 2026-11-21}
            - server: pg.validator
              port: "5432"
              database: participant_0
              schema: participant
              keys: []
              workload: {kind: Deployment, namespace: validator, name: participant}
              lastSeen: 2026-11-22
            """;
    private static final String OURS = "pg.sv:5432/participant_0/participant";
    private static final String SHOWN = """
            pg.sv:5432/participant_0/participant
              first seen: GCP KMS (project acme-canton, location us-east1, key ring sv) (Deployment sv/participant, last so on 2026-11-20)
              CONFLICT: no KMS (Deployment sv/participant, since 2026-11-21)
            """;
    private static final String OTHER = """
            pg.validator:5432/participant_0/participant
              first seen: no KMS (Deployment validator/participant, last so on 2026-11-22)
            """;
    private static final String ACCEPT = "From then on, only a participant that keeps its keys itself may use this"
            + " database. If the database still holds the identity that was first seen, that identity is lost with the"
            + " next start.\n";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("identities.yaml"), TEXT);
    }

    private Cli identities(String in, String... args) {
        var all = new ArrayList<>(List.of("identities"));
        all.addAll(List.of(args));
        all.addAll(List.of("--identities", file.toString()));
        return Cli.run(in, Map.of("USER", "ada"), Terminals.NONE, all.toArray(String[]::new));
    }

    private static String today() {
        return LocalDate.now(ZoneOffset.UTC).toString();
    }

    @Test
    void lists_what_is_remembered_and_fails_for_a_conflict() {
        var cli = identities("", "list");
        assertThat(cli).isEqualTo(new Cli(1, SHOWN + OTHER + "2 databases, 1 conflict.\n", ""));
    }

    @Test
    void accepts_what_was_seen_later_and_writes_down_who_said_so() throws IOException {
        var cli = identities("", "accept", OURS, "--yes");
        assertThat(cli).isEqualTo(new Cli(0, SHOWN + ACCEPT + "Done.\n", ""));
        assertThat(Files.readString(file))
                .contains("  settled: [{day: " + today() + ", by: \"ada\", was: [{type: gcp,");
        assertThat(identities("", "list").out())
                .isEqualTo("""
                        pg.sv:5432/participant_0/participant
                          first seen: no KMS (Deployment sv/participant, last so on 2026-11-21)
                          settled on %s by ada: before, GCP KMS (project acme-canton, location us-east1, key ring sv)
                        """.formatted(today()) + OTHER + "2 databases, 0 conflicts.\n");
    }

    @Test
    void asks_first_and_takes_nothing_but_yes_for_an_answer() throws IOException {
        for (var answer : List.of("", "n\n", "\n", "yess\n")) {
            var cli = identities(answer, "accept", OURS);
            assertThat(cli)
                    .isEqualTo(new Cli(
                            2, SHOWN + ACCEPT, "kms-guard: Write this? [y/N] kms-guard: Nothing was changed.\n"));
            assertThat(Files.readString(file)).isEqualTo(TEXT);
        }
        assertThat(identities("Yes\n", "accept", OURS).exitCode()).isZero();
    }

    @Test
    void forgets_a_database_and_writes_that_down_too() {
        assertThat(identities("", "forget", OURS, "--yes", "--by", "bob").exitCode())
                .isZero();
        assertThat(identities("", "list").out())
                .isEqualTo(OTHER + OURS + "\n  forgotten on " + today() + " by bob\n1 database, 0 conflicts.\n");
    }

    @Test
    void says_what_is_wrong_and_changes_nothing() throws IOException {
        assertThat(identities("", "accept", "pg.sv:5432/participant_1/participant", "--yes")
                        .err())
                .isEqualTo(
                        "kms-guard: Of database 'pg.sv:5432/participant_1/participant' nothing is remembered; did you"
                                + " mean pg.sv:5432/participant_0/participant?\n");
        assertThat(identities("", "accept", "pg.validator:5432/participant_0/participant", "--yes"))
                .isEqualTo(new Cli(
                        2,
                        OTHER
                                + "There is no conflict to settle. kms-guard identities forget takes the entry out, once the"
                                + " database was dropped.\n",
                        ""));
        assertThat(Cli.run("identities", "forget", OURS, "--identities", file.toString())
                        .err())
                .isEqualTo("kms-guard: Say who says so: --by NAME.\n");
        assertThat(Cli.run("identities", "list").err())
                .isEqualTo(
                        "kms-guard: Say which memory: --installed-as NAME for that of an installation in a cluster, or"
                                + " --identities FILE.\n");
        assertThat(Cli.run(
                                "identities",
                                "list",
                                "--identities",
                                folder.resolve("none").toString())
                        .err())
                .endsWith("none: there is no such file.\n");
        Files.writeString(file, TEXT + "owner: me\n");
        assertThat(identities("", "list").err()).contains("identities.yaml:19: unknown key owner");
        assertThat(Files.readString(file)).isEqualTo(TEXT + "owner: me\n");
    }
}
