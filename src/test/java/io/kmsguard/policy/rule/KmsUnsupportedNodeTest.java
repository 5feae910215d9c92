// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.gcp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Subjects;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KmsUnsupportedNodeTest {

    private static final String KMS = " { provider = kms, kms { " + gcp("nodes") + " } }";

    private static List<String> found(Subjects subject) {
        return Found.by(new KmsUnsupportedNode(), subject);
    }

    private static Subjects with(String config) {
        return creationOf(participant().withEnv("ADDITIONAL_CONFIG_KMS", config));
    }

    private static String finding(String node, String crypto) {
        return "ADVISABLE SEEN container participant: " + crypto
                + " is on a KMS, which Splice does not support officially"
                + " for a " + node + " | remove " + crypto
                + " before the node first starts, and leave the KMS to participants"
                + " | /spec/template/spec/containers/0/env";
    }

    @Test
    void allows_a_participant_on_a_kms_and_other_nodes_on_none() {
        assertThat(found(creationOf(kmsParticipant()))).isEmpty();
        assertThat(found(with("canton.sequencers.s.crypto.provider = jce"))).isEmpty();
        assertThat(found(with("canton.mediators.m.crypto.kms { " + gcp("nodes") + " }")))
                .isEmpty();
        assertThat(found(creationOfSecret(Map.of()))).isEmpty();
    }

    @Test
    void warns_of_a_sequencer() {
        assertThat(found(with("canton.sequencers.s.crypto" + KMS)))
                .containsExactly(finding("sequencer", "canton.sequencers.s.crypto"));
    }

    @Test
    void warns_of_each_mediator() {
        assertThat(found(with("canton.mediators { m.crypto" + KMS + ", n.crypto" + KMS + " }")))
                .containsExactlyInAnyOrder(
                        finding("mediator", "canton.mediators.m.crypto"),
                        finding("mediator", "canton.mediators.n.crypto"));
    }
}
