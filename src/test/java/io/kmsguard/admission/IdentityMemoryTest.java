// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.KmsDrivers;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdentityMemoryTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);
    private static final LocalDate TUESDAY = LocalDate.of(2026, 11, 24);

    private static IdentityMemory after(IdentityMemory memory, LocalDate day, Workloads... running) {
        return after(memory, day, KmsDrivers.NONE, running);
    }

    private static IdentityMemory after(
            IdentityMemory memory, LocalDate day, KmsDrivers drivers, Workloads... running) {
        var world =
                GoldenWorld.of(Stream.of(running).map(Workloads::json).toArray(tools.jackson.databind.JsonNode[]::new));
        return memory.with(world, day, drivers, Deadline.in(Duration.ofMinutes(1)));
    }

    /** Each entry as {@code database: keys, workload, day}. */
    private static List<String> shown(IdentityMemory memory) {
        return memory.sightings().stream()
                .map(seen ->
                        seen.database().name().orElse("?") + ": " + seen.state().place() + ", "
                                + seen.workload().name() + ", " + seen.day().orElseThrow())
                .toList();
    }

    private static Workloads on(String database, Workloads participant) {
        return participant
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB")
                .withEnv("CANTON_PARTICIPANT_POSTGRES_DB", database);
    }

    @Test
    void keeps_what_is_gone_and_renews_what_runs() {
        var memory = after(
                IdentityMemory.EMPTY,
                MONDAY,
                on("a", Workloads.participant()),
                on("b", Workloads.kmsParticipant()).named("participant-1"),
                Workloads.svApp());
        memory = after(memory, TUESDAY, on("a", Workloads.participant()).named("renamed"));
        assertThat(shown(memory))
                .containsExactly(
                        "a: itself, renamed, 2026-11-24",
                        "b: in GCP KMS (project acme-canton, location us-east1, key ring sv-participant), participant-1,"
                                + " 2026-11-23");
    }

    private static final LocalDate WEDNESDAY = LocalDate.of(2026, 11, 25);
    private static final Workloads DRIVER = Workloads.participant().withKms("type = driver, name = hsm");

    private static List<String> conflicts(IdentityMemory memory) {
        return memory.databases().stream()
                .flatMap(database -> database.conflict().stream())
                .map(seen -> seen.state().place() + ", " + seen.workload().name() + ", "
                        + seen.day().orElseThrow())
                .toList();
    }

    @Test
    void what_differs_from_the_first_sight_is_a_conflict() {
        var memory = after(IdentityMemory.EMPTY, MONDAY, Workloads.participant());
        memory = after(memory, TUESDAY, DRIVER);
        memory = after(memory, WEDNESDAY, DRIVER);
        assertThat(shown(memory)).containsExactly("participant_0: itself, participant, 2026-11-23");
        assertThat(conflicts(memory)).containsExactly("in KMS driver hsm, participant, 2026-11-24");
    }

    @Test
    void a_conflict_ends_when_the_first_keys_are_seen_again_and_no_others() {
        var memory = after(IdentityMemory.EMPTY, MONDAY, Workloads.participant());
        var conflict = after(memory, TUESDAY, DRIVER);
        assertThat(conflicts(after(conflict, WEDNESDAY))).hasSize(1);
        assertThat(conflicts(after(conflict, WEDNESDAY, Workloads.participant().named("right"), DRIVER)))
                .containsExactly("in KMS driver hsm, participant, 2026-11-24");

        var mended = after(conflict, WEDNESDAY, Workloads.participant());
        assertThat(shown(mended)).containsExactly("participant_0: itself, participant, 2026-11-25");
        assertThat(conflicts(mended)).isEmpty();
    }

    @Test
    void a_person_settles_a_conflict_and_it_is_written_down() {
        var memory = after(after(IdentityMemory.EMPTY, MONDAY, Workloads.participant()), TUESDAY, DRIVER);
        var settled = memory.accepting(memory.databases().get(0), "ada", WEDNESDAY);
        assertThat(shown(settled)).containsExactly("participant_0: in KMS driver hsm, participant, 2026-11-24");
        assertThat(conflicts(settled)).isEmpty();
        assertThat(settled.databases().get(0).settled())
                .containsExactly(new RememberedDatabase.Settlement(
                        WEDNESDAY, "ada", memory.sightings().get(0).state()));
        assertThat(settled.accepting(settled.databases().get(0), "ada", WEDNESDAY))
                .isEqualTo(settled);
    }

    @Test
    void what_a_person_has_forgotten_is_new_when_it_is_seen_again() {
        var memory = after(IdentityMemory.EMPTY, MONDAY, Workloads.participant());
        var less = memory.forgetting(memory.databases().get(0), "ada", TUESDAY);
        assertThat(less.sightings()).isEmpty();
        assertThat(less.forgotten()).hasSize(1);
        assertThat(less.forgetting(memory.databases().get(0), "bob", WEDNESDAY)).isEqualTo(less);

        var again = after(less, WEDNESDAY, DRIVER);
        assertThat(shown(again)).containsExactly("participant_0: in KMS driver hsm, participant, 2026-11-25");
        assertThat(again.forgotten()).isEmpty();
    }

    @Test
    void what_is_missing_was_lost_unless_it_was_forgotten() {
        var memory = after(IdentityMemory.EMPTY, MONDAY, on("a", Workloads.participant()), on("b", DRIVER));
        var a = memory.databases().get(0);
        var withoutA = memory.forgetting(a, "ada", TUESDAY);

        assertThat(IdentityMemory.EMPTY.withLost(memory)).isEqualTo(memory);
        assertThat(memory.withLost(IdentityMemory.EMPTY)).isEqualTo(memory);
        assertThat(withoutA.withLost(memory)).isEqualTo(withoutA);
        assertThat(IdentityMemory.EMPTY.withLost(withoutA)).isEqualTo(withoutA);
        assertThat(memory.withLost(withoutA)).isEqualTo(memory);
    }

    @Test
    void keeps_what_it_has_where_the_keys_cannot_be_told_or_nothing_has_started() {
        var memory = after(IdentityMemory.EMPTY, MONDAY, Workloads.kmsParticipant());
        for (var untold : List.of(
                Workloads.participant().withSecretEnv("ADDITIONAL_CONFIG_X", "config", "text"),
                Workloads.participant().withKms("type = azure"),
                Workloads.participant().withKms("type = gcp, project-id = p"),
                Workloads.participant().withEnv("ADDITIONAL_CONFIG_X", "canton.participants.a.b = https://c\n"))) {
            assertThat(after(memory, TUESDAY, untold)).isEqualTo(memory);
        }
        assertThat(after(IdentityMemory.EMPTY, MONDAY, Workloads.participant().withKms("type = azure")))
                .isEqualTo(IdentityMemory.EMPTY);
    }

    @Test
    void keeps_what_it_has_where_the_world_cannot_be_read() {
        var memory = after(IdentityMemory.EMPTY, MONDAY, Workloads.kmsParticipant());
        var blind = GoldenWorld.read("world", "{apiVersion: golden/v1, kind: Unreadable, why: it is down}");
        assertThat(memory.with(blind, TUESDAY, KmsDrivers.NONE, Deadline.in(Duration.ofMinutes(1))))
                .isSameAs(memory);
    }

    @Test
    void a_database_that_is_not_told_is_one_in_each_namespace() {
        var hidden = Workloads.participant()
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                .withEnv("CANTON_PARTICIPANT_POSTGRES_SERVER", "localhost");
        var memory = after(IdentityMemory.EMPTY, MONDAY, hidden, hidden.in("other"));
        assertThat(shown(memory))
                .containsExactly(
                        "participant_0: itself, participant, 2026-11-23",
                        "participant_0: itself, participant, 2026-11-23");
    }

    @Test
    void a_server_that_a_config_map_tells_is_told() {
        var told = Workloads.participant()
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                .withSecretEnv("CANTON_PARTICIPANT_POSTGRES_SERVER", "pg", "host");
        var world = GoldenWorld.of(told.json(), Workloads.secret("sv", "pg", java.util.Map.of("host", "a-pg")));
        var memory = IdentityMemory.EMPTY.with(world, MONDAY, KmsDrivers.NONE, Deadline.in(Duration.ofMinutes(1)));
        assertThat(memory.sightings())
                .extracting(seen -> seen.database().describe())
                .containsExactly("database participant_0, schema public, at a-pg.sv:5432");
    }

    private static Workloads driver(String settings) {
        return Workloads.participant().withKms("type = driver, name = hsm, config { " + settings + " }");
    }

    @Test
    void another_policy_about_a_driver_is_no_conflict_by_itself() {
        var slot = new KmsDrivers(Map.of("hsm", List.of("slot")));
        var memory = after(IdentityMemory.EMPTY, MONDAY, driver("slot = 1, timeout = 1"));
        var allowed = after(memory, TUESDAY, slot, driver("slot = 1, timeout = 2"));
        assertThat(conflicts(allowed)).isEmpty();
        assertThat(conflicts(after(allowed, WEDNESDAY, driver("slot = 1, timeout = 2"))))
                .isEmpty();
        assertThat(conflicts(after(allowed, WEDNESDAY, slot, driver("slot = 2, timeout = 2"))))
                .containsExactly("in KMS driver hsm, participant, 2026-11-25");
    }

    @Test
    void a_conflict_of_settings_that_do_not_count_any_more_ends() {
        var slot = new KmsDrivers(Map.of("hsm", List.of("slot")));
        var memory = after(IdentityMemory.EMPTY, MONDAY, driver("slot = 1, timeout = 1"));
        var conflict = after(memory, TUESDAY, driver("slot = 1, timeout = 2"));
        assertThat(conflicts(conflict)).hasSize(1);
        assertThat(conflicts(after(conflict, WEDNESDAY, slot, driver("slot = 1, timeout = 2"))))
                .isEmpty();
    }

    @Test
    void what_was_written_is_what_is_remembered_also_of_a_driver_with_a_secret() {
        var memory = after(IdentityMemory.EMPTY, MONDAY, driver("slot = 1, pin = 1234"));
        assertThat(IdentityText.read(IdentityWriter.write(memory))).isEqualTo(new IdentityText.Reading.Read(memory));
    }
}
