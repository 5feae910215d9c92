// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.aws;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FactGathererTest {

    /** Remembers what it was asked for, and has nothing. */
    private static final class Asked implements Surroundings {
        private final List<String> questions = new ArrayList<>();

        @Override
        public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
            questions.add(ref.toString());
            return Lookup.absent();
        }

        @Override
        public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
            questions.add("workloads of " + namespace);
            return Lookup.found(List.of());
        }

        @Override
        public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
            questions.add("Secrets " + name);
            return Lookup.found(List.of());
        }

        @Override
        public Lookup<List<Workload>> workloads(Deadline deadline) {
            questions.add("workloads");
            return Lookup.found(List.of());
        }
    }

    private final Asked world = new Asked();

    private Facts gather(Workloads workload, Optional<Workloads> before) {
        return gather(before.isPresent() ? Operation.UPDATE : Operation.CREATE, workload, before);
    }

    private Facts gather(Operation operation, Workloads workload, Optional<Workloads> before) {
        return FactGatherer.gather(
                operation,
                workload.read(),
                before.map(Workloads::read),
                SecretNames.DEFAULT,
                new LookupSession(world, Deadline.in(Duration.ofMinutes(1))));
    }

    @Test
    void asks_nothing_for_a_participant_without_kms_and_an_sv_that_reads_no_key() {
        gather(participant(), Optional.of(participant()));
        gather(svApp().withNode("current", "comet-bft-config.enabled = false"), Optional.empty());
        assertThat(world.questions).isEmpty();
    }

    @Test
    void asks_for_databases_of_what_is_created_and_not_of_what_was_before_an_update() {
        gather(Operation.UPDATE, participant(), Optional.empty());
        assertThat(world.questions).isEmpty();
        gather(Operation.CREATE, participant(), Optional.empty());
        assertThat(world.questions).containsExactly("workloads");
    }

    @Test
    void asks_for_the_apps_and_the_credentials_of_a_kms_participant() {
        gather(kmsParticipant(), Optional.empty());
        assertThat(world.questions)
                .containsExactly("workloads", "Secret sv/gke-credentials", "ServiceAccount sv/default");
    }

    @Test
    void asks_for_no_credentials_that_are_wired() {
        gather(
                kmsParticipant().withEnv("GOOGLE_APPLICATION_CREDENTIALS", "/app/gcp-credentials.json"),
                Optional.empty());
        assertThat(world.questions).containsExactly("workloads");
    }

    @Test
    void asks_for_the_credentials_of_aws_only_there() {
        gather(participant().withKms(aws("us-east-1", true)), Optional.empty());
        assertThat(world.questions)
                .containsExactly("workloads", "Secret sv/aws-credentials", "ServiceAccount sv/default");
    }

    @Test
    void asks_for_the_participant_of_an_sv_without_key() {
        gather(svApp(), Optional.empty());
        assertThat(world.questions).containsExactly("Service sv/participant", "workloads of sv");
    }

    @Test
    void asks_for_the_secret_of_an_sv_with_key_once() {
        gather(keyedSvApp(), Optional.empty());
        assertThat(world.questions).containsExactly("Secret sv/" + SECRET);
    }

    @Test
    void asks_for_both_participants_of_an_sv_that_moves() {
        var facts = gather(keyedSvApp().withAddress("participant-1"), Optional.of(keyedSvApp()));
        assertThat(world.questions)
                .containsExactlyInAnyOrder(
                        "Secret sv/" + SECRET, "Service sv/participant", "Service sv/participant-1", "workloads of sv");
        assertThat(facts.participant("participant-1")).isEqualTo(Lookup.absent());
    }

    @Test
    void what_nobody_looked_up_is_unknown() {
        var facts = gather(participant(), Optional.empty());
        assertThat(facts.participant("participant"))
                .isEqualTo(Lookup.unknown("nobody looked up the address participant"));
        assertThat(facts.secret(new ObjectRef("Secret", "sv", "s")))
                .isEqualTo(Lookup.unknown("nobody looked up Secret sv/s"));
        assertThat(facts.serviceAccount(new ObjectRef("ServiceAccount", "sv", "s")))
                .isEqualTo(Lookup.unknown("nobody looked up ServiceAccount sv/s"));
        assertThat(facts.users()).isEqualTo(Lookup.unknown("nobody looked for SV apps"));
    }
}
