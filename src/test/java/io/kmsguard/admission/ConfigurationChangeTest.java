// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Workloads;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConfigurationChangeTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Judge JUDGE = new Judge(Policy.of(Rules.all()), Injections.all(), SecretNames.DEFAULT);
    private static final Deadline DEADLINE = Deadline.in(Duration.ofMinutes(10));
    private static final String KMS = "canton.participants.participant.crypto { provider = kms, kms { "
            + Workloads.gcp("sv-participant").replace("\n", ", ") + " } }";
    private static final String JCE = "canton.participants.participant.crypto.provider = jce";

    private static ObjectNode map(String field, String key, String text) {
        var map = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").put("name", "own").put("namespace", "sv");
        map.putObject(field).put(key, text);
        return map;
    }

    private static ObjectNode map(String text) {
        return map("data", "config", text);
    }

    /** A participant with an env var out of ConfigMap own. */
    private static Workloads participant(boolean optional) {
        return Workloads.participant().withConfigMapEnv("ADDITIONAL_CONFIG_OWN", "own", "config", optional);
    }

    private static Change creation(JsonNode map) {
        return new Change(Operation.CREATE, "ConfigMap", "sv", map, Optional.empty(), false);
    }

    private static Change update(JsonNode before, JsonNode after) {
        return new Change(Operation.UPDATE, "ConfigMap", "sv", after, Optional.of(before), false);
    }

    /** What is refused, each as {@code rule}; empty also where the object is nothing that the guard looks at. */
    private static List<String> denied(Change change, JsonNode... world) {
        return JUDGE.validate(change, GoldenWorld.of(world), DEADLINE) instanceof Verdict.Validated validated
                ? validated.judgement().with(Action.DENY).stream()
                        .map(ruling -> ruling.finding().rule().id())
                        .toList()
                : List.of();
    }

    @Test
    void one_that_comes_under_what_runs_without_it_is_an_update() {
        var running = participant(true).json();
        assertThat(denied(creation(map(KMS)), running)).contains("kms-migration");
        assertThat(denied(creation(map(JCE)), running)).isEmpty();
        assertThat(denied(creation(map("data", "other", KMS)), running)).isEmpty();
    }

    @Test
    void one_that_comes_under_what_waits_for_it_is_its_first_configuration() {
        assertThat(denied(creation(map(KMS)), participant(false).json())).doesNotContain("kms-migration");
        assertThat(denied(creation(map(JCE)), participant(false).json())).isEmpty();
    }

    @Test
    void one_that_comes_with_what_canton_refuses_is_refused() {
        assertThat(denied(
                        creation(map(KMS.replace("type = gcp", "type = gpc"))),
                        participant(false).json()))
                .contains("kms-config");
    }

    @Test
    void one_that_nobody_refers_to_is_nothing() {
        assertThat(JUDGE.validate(
                        creation(map(KMS)),
                        GoldenWorld.of(Workloads.participant().json()),
                        DEADLINE))
                .isEqualTo(new Verdict.Unguarded());
    }

    @Test
    void what_is_included_is_reviewed_like_the_rest() {
        var running = Workloads.participant()
                .withVolume("conf", volume -> volume.putObject("configMap").put("name", "own"))
                .withMount("conf", "/conf", "")
                .withEnv("ADDITIONAL_CONFIG_X", "include file(\"/conf/config.conf\")")
                .json();
        assertThat(denied(update(map("data", "config.conf", KMS), map("data", "config.conf", JCE)), running))
                .containsExactly("kms-migration");
        assertThat(denied(update(map("data", "other.conf", KMS), map("data", "other.conf", JCE)), running))
                .isEmpty();
    }

    /** The kubelet looks for env vars in data alone. */
    @Test
    void binary_data_is_no_env_var() {
        assertThat(denied(
                        update(map(KMS), map("binaryData", "config", "eA==")),
                        participant(true).json()))
                .containsExactly("kms-migration");
        assertThat(denied(
                        update(map("binaryData", "config", "eA=="), map("binaryData", "config", "eQ==")),
                        participant(true).json()))
                .isEmpty();
    }

    @Test
    void what_else_a_large_one_holds_does_not_matter() {
        var before = map(KMS);
        ((ObjectNode) before.path("data")).put("dashboard", "x".repeat(1_000_000));
        var after = before.deepCopy();
        ((ObjectNode) after.path("data")).put("dashboard", "y".repeat(1_000_000));
        assertThat(denied(update(before, after), participant(false).json())).isEmpty();
        ((ObjectNode) after.path("data")).put("config", JCE);
        assertThat(denied(update(before, after), participant(false).json())).containsExactly("kms-migration");
    }

    @Test
    void a_configuration_of_a_megabyte_is_told_and_not_read() {
        assertThat(denied(
                        update(map(KMS), map("# " + "x".repeat(1_000_000) + "\n" + KMS)),
                        participant(false).json()))
                .containsExactly("kms-migration", "kms-config");
    }

    @ParameterizedTest
    @CsvSource({
        "true, other, true",
        "true, own, true",
        "false, other, false",
        "false, own, false",
    })
    void an_optional_reference_that_leads_nowhere_adds_nothing(boolean optional, String name, boolean passes) {
        // Absent: the ConfigMap, or its key.
        var there = map("data", "another-key", "a = 1");
        ((ObjectNode) there.path("metadata")).put("name", name);
        var participant = participant(optional);
        var change = new Change(
                Operation.UPDATE,
                "Deployment",
                "sv",
                participant.withEnv("ADDITIONAL_CONFIG_X", "a = 2").json(),
                Optional.of(participant.json()),
                false);
        assertThat(denied(change, there)).isEqualTo(passes ? List.of() : List.of("kms-migration"));
    }

    /** What was heard of it says no; nobody answers who is asked. */
    private record Unanswered(Surroundings world) implements WrappedSurroundings {
        @Override
        public Surroundings live() {
            return new Silent(world);
        }
    }

    private record Silent(Surroundings world) implements WrappedSurroundings {
        @Override
        public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
            return Lookup.unknown("nobody answers");
        }
    }

    @Test
    void a_refusal_is_not_taken_back_by_a_question_without_an_answer() {
        var heard = GoldenWorld.of(participant(false).json());

        assertThat(JUDGE.validate(update(map(KMS), map(JCE)), new Unanswered(heard), DEADLINE))
                .isEqualTo(JUDGE.validate(update(map(KMS), map(JCE)), heard, DEADLINE))
                .isInstanceOf(Verdict.Validated.class);
    }

    /** Its workloads are known just when the time is over. */
    private record Late(Surroundings world) implements WrappedSurroundings {
        @Override
        public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
            while (!deadline.hasPassed()) {
                Thread.onSpinWait();
            }
            return world.workloads(namespace, deadline);
        }
    }

    /** Rather no than yes without a look. */
    @Test
    void what_could_not_be_looked_at_in_time_is_refused_with_the_number() {
        var world = new Late(GoldenWorld.of(
                participant(false).named("one").json(),
                participant(false).named("two").json()));

        assertThat(JUDGE.validate(update(map(KMS), map(JCE)), world, Deadline.in(Duration.ofMillis(20))))
                .isEqualTo(new Verdict.Malformed(
                        "the time of this review",
                        "ended before 2 of the 2 workloads that take configuration from it could be looked at"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void many_participants_of_one_are_one_answer_of_bounded_length(int count) {
        var running = IntStream.range(0, count)
                .mapToObj(number -> (JsonNode) participant(false)
                        .named("participant-" + number)
                        .withEnv("CANTON_PARTICIPANT_POSTGRES_DB", "db_" + number)
                        .json())
                .toArray(JsonNode[]::new);
        var validated =
                (Verdict.Validated) JUDGE.validate(update(map(KMS), map(JCE)), GoldenWorld.of(running), DEADLINE);
        var denial = Wording.denial(validated.object().ref(), validated.judgement());
        assertThat(denial.causes()).hasSize(Math.min(20, count));
        assertThat(denial.message()).startsWith("ConfigMap sv/own: at the next start of Deployment sv/participant-0: ");
        assertThat(denial.message().length()).isLessThanOrEqualTo(1_000);
        assertThat(denial.message()).endsWith(count == 100 ? " And 98 more: see kms-guard check." : "");
    }
}
