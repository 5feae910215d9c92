// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.injection.Completion;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Workloads;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class JudgeTest {

    private static final Judge JUDGE = new Judge(Policy.of(Rules.all()), Injections.all(), SecretNames.DEFAULT);
    private static final Deadline DEADLINE = Deadline.in(Duration.ofMinutes(10));

    private static Change create(Workloads workload) {
        var object = workload.json();
        return new Change(Operation.CREATE, object.path("kind").asString(), "sv", object, Optional.empty(), false);
    }

    private static Change update(Workloads before, Workloads after) {
        return update("Deployment", before.json(), after.json());
    }

    private static Change update(String kind, JsonNode before, JsonNode after) {
        return new Change(Operation.UPDATE, kind, "sv", after, Optional.of(before), false);
    }

    private static Verdict validate(Change change, JsonNode... world) {
        return JUDGE.validate(change, GoldenWorld.of(world), DEADLINE);
    }

    /** Each ruling as {@code action rule}. */
    private static List<String> rulings(Change change, JsonNode... world) {
        return ((Verdict.Validated) validate(change, world))
                .judgement().rulings().stream()
                        .map(ruling -> ruling.action().id() + " "
                                + ruling.finding().rule().id())
                        .toList();
    }

    @Test
    void what_leaves_the_pods_as_they_are_passes() {
        var keyless = svApp();
        assertThat(validate(
                        update(keyless, keyless.withAnnotation("note", "a word")),
                        kmsParticipant().json()))
                .isEqualTo(new Verdict.Unguarded());
        assertThat(validate(
                        update(keyless, keyless.withReplicas(0)),
                        kmsParticipant().json()))
                .isEqualTo(new Verdict.Unguarded());
    }

    @Test
    void what_is_switched_on_again_is_judged() {
        assertThat(rulings(
                        update(svApp().withReplicas(0), svApp()),
                        kmsParticipant().json()))
                .containsExactly("warn governance-key-flag");
    }

    @Test
    void a_template_that_changes_at_zero_replicas_is_judged() {
        assertThat(rulings(
                        update(kmsParticipant().withReplicas(0), participant().withReplicas(0))))
                .containsExactly("deny kms-migration");
    }

    @Test
    void what_was_as_wrong_before_is_a_warning() {
        assertThat(rulings(
                        update(svApp(), svApp().withImage("sv-app:0.7.4")),
                        kmsParticipant().json()))
                .containsExactly("warn governance-key-flag");
        assertThat(rulings(update(keyedSvApp(), svApp()), kmsParticipant().json()))
                .containsExactly("deny governance-key-flag");
    }

    @Test
    void a_governance_secret_is_judged_when_its_content_changes() {
        var before = Workloads.secret("sv", SECRET, Map.of("public", "null", "private", "null"));
        var after = Workloads.secret("sv", SECRET, Map.of("publicKey", "null", "privateKey", "null"));
        assertThat(validate(update("Secret", before, before.deepCopy()))).isEqualTo(new Verdict.Unguarded());
        assertThat(rulings(update("Secret", before, after))).containsExactly("deny governance-key-secret");
        var other = Workloads.secret("sv", "other", Map.of());
        assertThat(validate(update("Secret", other, after.deepCopy()))).isInstanceOf(Verdict.Validated.class);
        assertThat(validate(new Change(Operation.CREATE, "Secret", "sv", other, Optional.empty(), false)))
                .isEqualTo(new Verdict.Unguarded());
    }

    @Test
    void other_kinds_other_workloads_and_deletions_are_none_of_its_business() {
        var pod = participant().ofKind("Pod");
        var web = svApp().withContainerName("web")
                .withImage("nginx:1")
                .withoutEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS")
                .withoutEnv("ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT");
        var deletion =
                new Change(Operation.DELETE, "Deployment", "sv", participant().json(), Optional.empty(), false);
        assertThat(List.of(validate(create(pod)), validate(create(web)), validate(deletion)))
                .containsOnly(new Verdict.Unguarded());
    }

    @Test
    void the_deletion_of_a_governance_secret_is_judged_by_who_reads_it_alone() {
        var broken = Workloads.secret("sv", SECRET, Map.of("publicKey", "null"));
        var deletion = new Change(Operation.DELETE, "Secret", "sv", broken, Optional.empty(), false);
        assertThat(rulings(deletion)).isEmpty();
        assertThat(rulings(deletion, keyedSvApp().json())).containsExactly("deny governance-key-in-use");
        assertThat(rulings(deletion, keyedSvApp().in("other").json())).isEmpty();
        assertThat(JUDGE.complete(deletion, GoldenWorld.of(keyedSvApp().json()), DEADLINE))
                .isEqualTo(new Verdict.Unguarded());
        var other = Workloads.secret("sv", "other", Map.of());
        assertThat(validate(new Change(Operation.DELETE, "Secret", "sv", other, Optional.empty(), false)))
                .isEqualTo(new Verdict.Unguarded());
    }

    @Test
    void an_update_that_cannot_be_compared_is_not_judged_as_a_creation() {
        var blind =
                new Change(Operation.UPDATE, "Deployment", "sv", participant().json(), Optional.empty(), false);
        assertThat(validate(blind))
                .isEqualTo(new Verdict.Malformed("oldObject", "is not there, although this is an update"));
        var broken = kmsParticipant().with(object -> object.put("spec", "none"));
        assertThat(validate(update(broken, participant())))
                .isEqualTo(
                        new Verdict.Malformed("oldObject /spec/template/spec/containers", "is no list of containers"));
        assertThat(validate(create(broken)))
                .isEqualTo(new Verdict.Malformed("/spec/template/spec/containers", "is no list of containers"));
    }

    @Test
    void completes_workloads_only() {
        var secret = Workloads.secret("sv", "gke-credentials", Map.of("googleCredentials", "{}"));
        var completed = (Verdict.Completed) JUDGE.complete(create(kmsParticipant()), GoldenWorld.of(secret), DEADLINE);
        assertThat(completed.completion().operations()).hasSize(5);
        var governance = Workloads.secret("sv", SECRET, Map.of());
        assertThat(JUDGE.complete(
                        new Change(Operation.CREATE, "Secret", "sv", governance, Optional.empty(), false),
                        GoldenWorld.of(),
                        DEADLINE))
                .extracting(verdict -> ((Verdict.Completed) verdict).completion())
                .isEqualTo(Completion.NONE);
    }

    @Test
    void says_what_it_had_no_time_to_read() {
        var verdict =
                JUDGE.validate(create(svApp()), GoldenWorld.of(kmsParticipant().json()), Deadline.in(Duration.ZERO));
        assertThat(((Verdict.Validated) verdict).judgement().rulings())
                .singleElement()
                .extracting(ruling -> ruling.finding().message())
                .asString()
                .endsWith(
                        "could not be told: Service sv/participant could not be read before the deadline of this review");
    }

    /** Hears of one thing, and is told another when it asks. */
    private record Heard(Surroundings heard, Surroundings told) implements Surroundings {
        @Override
        public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
            return heard.get(ref, deadline);
        }

        @Override
        public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
            return heard.workloads(namespace, deadline);
        }

        @Override
        public Lookup<List<Workload>> workloads(Deadline deadline) {
            return heard.workloads(deadline);
        }

        @Override
        public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
            return heard.governanceSecrets(name, deadline);
        }

        @Override
        public Surroundings live() {
            return told;
        }
    }

    @Test
    void a_denial_rests_on_what_was_asked_for_and_not_on_what_was_heard() {
        var kms = GoldenWorld.of(kmsParticipant().json());
        var plain = GoldenWorld.of(participant().json());

        assertThat(decision(new Heard(kms, kms))).isEqualTo(Judgement.Decision.DENY);
        assertThat(decision(new Heard(kms, plain))).isEqualTo(Judgement.Decision.ALLOW);
        assertThat(decision(new Heard(plain, kms))).isEqualTo(Judgement.Decision.ALLOW);
    }

    private static Judgement.Decision decision(Surroundings world) {
        return ((Verdict.Validated) JUDGE.validate(create(svApp()), world, DEADLINE))
                .judgement()
                .decision();
    }
}
