// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdentityTextTest {

    private static final String HEAD = "apiVersion: kms-guard.io/v1\nkind: ParticipantIdentities\n";
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    private static Sighting seen(String database, KmsConfig... kms) {
        return seen(Optional.of("participant-pg.sv"), database, kms);
    }

    private static Sighting seen(Optional<String> server, String database, KmsConfig... kms) {
        return new Sighting(
                new ParticipantDatabase(server, Optional.of("5432"), Optional.of(database), Optional.of("participant")),
                new KmsState(List.of(kms), Optional.empty()),
                new ObjectRef("Deployment", "sv", "participant"),
                Optional.of(DAY));
    }

    private static IdentityMemory memory(Sighting... all) {
        var memory = new IdentityMemory.Builder();
        for (var seen : all) {
            memory.add(RememberedDatabase.of(seen));
        }
        return memory.build();
    }

    private static List<String> refused(String text) {
        return ((IdentityText.Reading.Refused) IdentityText.read(text))
                .problems().stream().map(PolicyFile.Problem::toString).toList();
    }

    @Test
    void is_written_for_people_too() {
        var memory = memory(
                seen("b", new KmsConfig.Aws("us-east-1", true)),
                seen("c", new KmsConfig.Gcp("p", "l", "r"), new KmsConfig.Driver("hsm")),
                seen(Optional.empty(), "d"));
        assertThat(IdentityWriter.write(memory)).isEqualTo("""
                # Which keys the participant of each database had when it was first seen. Written by kms-guard.
                # An entry goes by kms-guard identities forget and no other way: one that is missing is put back.
                apiVersion: kms-guard.io/v1
                kind: ParticipantIdentities
                databases:
                - port: "5432"
                  database: "d"
                  schema: "participant"
                  keys: []
                  workload: {kind: "Deployment", namespace: "sv", name: "participant"}
                  lastSeen: 2026-11-20
                - server: "participant-pg.sv"
                  port: "5432"
                  database: "b"
                  schema: "participant"
                  keys: [{type: aws, region: "us-east-1", multiRegionKey: true}]
                  workload: {kind: "Deployment", namespace: "sv", name: "participant"}
                  lastSeen: 2026-11-20
                - server: "participant-pg.sv"
                  port: "5432"
                  database: "c"
                  schema: "participant"
                  keys: [{type: gcp, project: "p", location: "l", keyRing: "r"}, {type: driver, name: "hsm"}]
                  workload: {kind: "Deployment", namespace: "sv", name: "participant"}
                  lastSeen: 2026-11-20
                """);
    }

    @Test
    void a_driver_is_remembered_by_digests_of_its_settings_without_its_secrets() {
        var driver = new KmsConfig.Driver("hsm", Optional.of(Map.of("slot", "d1", "auth.pin", "d2", "endpoint", "d3")));
        var text = IdentityWriter.write(memory(seen("c", driver)));

        assertThat(text)
                .contains("keys: [{type: driver, name: \"hsm\", config: {\"endpoint\": \"d3\", \"slot\": \"d1\"}}]");
        assertThat(IdentityText.read(text))
                .isEqualTo(new IdentityText.Reading.Read(memory(seen("c", driver.withoutSecrets()))));
    }

    @Test
    void what_differs_and_what_a_person_said_is_remembered_too() {
        var first = seen("c", new KmsConfig.Gcp("p", "l", "r"));
        var builder = new IdentityMemory.Builder();
        builder.add(new RememberedDatabase(
                first,
                Optional.of(seen("c")),
                List.of(new RememberedDatabase.Settlement(
                        DAY,
                        "ada \"a\"",
                        new KmsState(List.of(new KmsConfig.Aws("eu-west-1", false)), Optional.empty())))));
        builder.add(new ForgottenDatabase(seen("d").database(), "", DAY, "bob"));
        builder.add(new ForgottenDatabase(seen(Optional.empty(), "e").database(), "sv", DAY, "bob"));
        var text = IdentityWriter.write(builder.build());

        assertThat(text).endsWith("""
                  keys: [{type: gcp, project: "p", location: "l", keyRing: "r"}]
                  workload: {kind: "Deployment", namespace: "sv", name: "participant"}
                  lastSeen: 2026-11-20
                  conflict: {keys: [], workload: {kind: "Deployment", namespace: "sv", name: "participant"}, since: 2026-11-20}
                  settled: [{day: 2026-11-20, by: "ada \\"a\\"", was: [{type: aws, region: "eu-west-1", multiRegionKey: false}]}]
                forgotten:
                - port: "5432"
                  database: "e"
                  schema: "participant"
                  namespace: "sv"
                  day: 2026-11-20
                  by: "bob"
                - server: "participant-pg.sv"
                  port: "5432"
                  database: "d"
                  schema: "participant"
                  day: 2026-11-20
                  by: "bob"
                """);
        assertThat(IdentityText.read(text)).isEqualTo(new IdentityText.Reading.Read(builder.build()));
    }

    @Test
    void nothing_is_a_text_too() {
        var text = IdentityWriter.write(IdentityMemory.EMPTY);
        assertThat(text).endsWith("databases: []\n");
        assertThat(IdentityText.read(text)).isEqualTo(new IdentityText.Reading.Read(IdentityMemory.EMPTY));
    }

    @Test
    void whatever_is_written_is_read_again() {
        for (var seed = 0L; seed < 200; seed++) {
            var random = new Random(seed);
            var memory = memory(
                    seen(word(random), new KmsConfig.Gcp(word(random), word(random), word(random))),
                    seen(
                            Optional.of(word(random)),
                            word(random),
                            new KmsConfig.Aws(word(random), random.nextBoolean())),
                    seen(Optional.empty(), word(random), new KmsConfig.Driver(word(random))));
            assertThat(IdentityText.read(IdentityWriter.write(memory)))
                    .as("seed " + seed)
                    .isEqualTo(new IdentityText.Reading.Read(memory));
        }
    }

    private static String word(Random random) {
        var hostile = List.of(
                "null", "~", "007", "a: b", "- x", "#c", "\"q\"", "\\", "x\ty", "é", "\u0085", "😀", "\u007f", "a'b",
                "{}");
        return "w" + hostile.get(random.nextInt(hostile.size())) + random.nextInt(100);
    }

    @Test
    void what_is_not_understood_is_told_with_its_line_and_nothing_is_used() {
        assertThat(refused(HEAD + """
                databases:
                - server: a
                  port: 5432
                  databse: b
                  workload: {kind: Deployment, namespace: sv}
                  lastSeen: soon
                - keys:
                  workload: {kind: Deployment, namespace: sv, name: q}
                  lastSeen: 2026-11-20
                - keys: [{type: azure, vault: v}, {type: aws, region: r, multiRegionKey: perhaps}]
                  workload: {kind: Deployment, namespace: sv, name: p}
                  lastSeen: 2026-11-20
                owner: me
                """))
                .containsExactly(
                        "line 4: an entry lacks keys (a list of KMS; [] where the participant keeps its keys itself)",
                        "line 6: unknown key databse in an entry; did you mean database?",
                        "line 7: workload lacks name (for example name: participant)",
                        "line 8: lastSeen is soon; it must be a date such as 2027-01-31",
                        "line 9: an entry lacks keys (a list of KMS; [] where the participant keeps its keys itself)",
                        "line 12: type of a KMS is azure; there are gcp, aws, driver",
                        "line 12: multiRegionKey of a KMS is perhaps; there are true, false",
                        "line 12: this database stands in an entry above already",
                        "line 15: unknown key owner in the identity memory; there are apiVersion, kind, databases, forgotten");
    }

    @Test
    void a_database_stands_there_once() {
        var entry = """
                - {server: a, port: 1, database: b, schema: c, keys: [], lastSeen: 2026-11-20,
                   workload: {kind: Deployment, namespace: sv, name: p}}
                """;
        assertThat(refused(HEAD + "databases:\n" + entry + entry))
                .containsExactly("line 6: this database stands in an entry above already");
    }

    @Test
    void something_else_is_refused() {
        assertThat(refused("")).containsExactly("line 1: the file is empty; it must hold one ParticipantIdentities");
        assertThat(refused("apiVersion: kms-guard.io/v2\nkind: GuardPolicy\n"))
                .containsExactly(
                        "line 1: apiVersion is kms-guard.io/v2; it must be kms-guard.io/v1",
                        "line 2: kind is GuardPolicy; it must be ParticipantIdentities");
        assertThat(refused(HEAD + "---\n" + HEAD))
                .containsExactly("line 4: the file holds a second document; an identity memory is one");
    }
}
