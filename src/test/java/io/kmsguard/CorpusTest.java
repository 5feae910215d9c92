// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.Corpus.Scenario;
import io.kmsguard.CorpusTable.ParticipantRow;
import io.kmsguard.CorpusTable.SvRow;
import io.kmsguard.admission.Change;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Judge;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.admission.Verdict;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.rule.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the real charts render at four releases, judged alone, in pairs and as updates, against {@link CorpusTable}. */
class CorpusTest {

    private static final Judge JUDGE = new Judge(Policy.of(Rules.all()), Injections.all(), SecretNames.DEFAULT);
    private static int judged;

    @BeforeAll
    static void corpus_is_there() {
        Corpus.assumePresent(CorpusTest.class);
    }

    @AfterAll
    static void size() {
        if (judged > 0) {
            System.out.println("Corpus table: " + judged + " judgements, " + CorpusTable.size());
        }
    }

    @Test
    void every_scenario_of_every_release_is_in_the_table() {
        for (var release : Corpus.releases()) {
            assertThat(Corpus.names(release))
                    .as(release)
                    .containsExactlyInAnyOrderElementsOf(CorpusTable.names(release));
        }
    }

    @Test
    void every_scenario_alone() {
        var wrong = new ArrayList<String>();
        for (var release : Corpus.releases()) {
            for (var row : CorpusTable.participants(release)) {
                var scenario = Corpus.read(release, row.name());
                expect(
                        wrong,
                        release + "/" + row.name(),
                        row.alone(),
                        create(scenario.workload(), scenario.world(), true));
            }
            for (var row : CorpusTable.svs(release)) {
                var scenario = Corpus.read(release, row.name());
                expect(
                        wrong,
                        release + "/" + row.name(),
                        row.alone(),
                        create(scenario.workload(), scenario.world(), true));
            }
            for (var name : CorpusTable.UNGUARDED) {
                var scenario = Corpus.read(release, name);
                for (var workload : scenario.workloads()) {
                    expect(wrong, release + "/" + name, List.of(), create(workload, scenario.world(), true));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void every_participant_with_every_sv_and_every_secret() {
        var wrong = new ArrayList<String>();
        for (var release : Corpus.releases()) {
            for (var participant : CorpusTable.participants(release)) {
                for (var sv : CorpusTable.svs(release)) {
                    for (var secret : GovernanceSecrets.values()) {
                        pair(wrong, release, participant, sv, secret);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static void pair(
            List<String> wrong, String release, ParticipantRow participantRow, SvRow svRow, GovernanceSecrets secret) {
        var participant = Corpus.read(release, participantRow.name());
        var sv = Corpus.read(release, svRow.name());
        var world = Corpus.world(participant, sv, secret.object("sv"));
        var where = release + "/" + participantRow.name() + " with " + svRow.name() + ", Secret " + secret + ": ";
        expect(wrong, where + "SV", svRow.on(participantRow, secret), create(sv.workload(), world, false));
        expect(wrong, where + "participant", participantRow.under(svRow), create(participant.workload(), world, false));
    }

    @Test
    void every_sv_whose_governance_secret_is_deleted() {
        var wrong = new ArrayList<String>();
        for (var release : Corpus.releases()) {
            for (var row : CorpusTable.svs(release)) {
                var sv = Corpus.read(release, row.name());
                var secret = GovernanceSecrets.GOOD.object("sv").orElseThrow();
                expect(
                        wrong,
                        release + "/" + row.name(),
                        row.onDeletion(),
                        judge(
                                new Change(Operation.DELETE, "Secret", "sv", secret, Optional.empty(), false),
                                Corpus.world(
                                        Corpus.read(release, "participant-kms-gcp-sample"), sv, Optional.of(secret))));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void every_update_between_participants_of_one_release() {
        var wrong = new ArrayList<String>();
        for (var release : Corpus.releases()) {
            for (var from : CorpusTable.participants(release)) {
                for (var to : CorpusTable.participants(release)) {
                    var before = Corpus.read(release, from.name()).named("participant");
                    var after = Corpus.read(release, to.name()).named("participant");
                    expect(
                            wrong,
                            release + "/" + from.name() + " to " + to.name(),
                            to.after(from),
                            update(before, after.workload(), after.world()));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Among them the steps of the upgrade to Canton BFT: a key on each node with CometBFT, a second node, then none. */
    @Test
    void every_update_between_svs_of_one_release_on_a_kms_participant() {
        var wrong = new ArrayList<String>();
        for (var release : Corpus.releases()) {
            var participant = Corpus.read(release, "participant-kms-gcp-sample");
            var rows = CorpusTable.svs(release).stream()
                    .filter(row -> row.own().isEmpty())
                    .toList();
            for (var from : rows) {
                for (var to : rows) {
                    var before = Corpus.read(release, from.name());
                    var after = Corpus.read(release, to.name());
                    expect(
                            wrong,
                            release + "/" + from.name() + " to " + to.name(),
                            to.after(from),
                            update(
                                    before,
                                    after.workload(),
                                    Corpus.world(participant, after, GovernanceSecrets.GOOD.object("sv"))));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static List<String> create(JsonNode object, Surroundings world, boolean partial) {
        return judge(new Change(Operation.CREATE, "Deployment", "sv", object, Optional.empty(), partial), world);
    }

    private static List<String> update(Scenario before, JsonNode object, Surroundings world) {
        return judge(
                new Change(Operation.UPDATE, "Deployment", "sv", object, Optional.of(before.workload()), false), world);
    }

    /** Each finding as {@code action rule}, sorted. */
    private static List<String> judge(Change change, Surroundings world) {
        judged++;
        var verdict = JUDGE.validate(change, world, Deadline.in(Duration.ofMinutes(1)));
        if (verdict instanceof Verdict.Unguarded) {
            return List.of();
        }
        return ((Verdict.Validated) verdict)
                .judgement().rulings().stream()
                        .map(ruling -> ruling.action().id() + " "
                                + ruling.finding().rule().id())
                        .sorted()
                        .toList();
    }

    private static void expect(List<String> wrong, String where, List<String> expected, List<String> actual) {
        var sorted = expected.stream().sorted().toList();
        if (!sorted.equals(actual)) {
            wrong.add(where + " must be " + sorted + " and is " + actual);
        }
    }
}
