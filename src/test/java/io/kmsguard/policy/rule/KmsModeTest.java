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

class KmsModeTest {

    private static final String CRYPTO = "canton.participants.participant.crypto";
    private static final String ENV = " | /spec/template/spec/containers/0/env";

    private static List<String> found(Subjects subject) {
        return Found.by(new KmsMode(), subject);
    }

    @Test
    void allows_external_key_storage_and_no_kms() {
        assertThat(found(creationOf(kmsParticipant()))).isEmpty();
        assertThat(found(creationOf(participant()))).isEmpty();
        assertThat(found(creationOfSecret(Map.of()))).isEmpty();
    }

    @Test
    void refuses_envelope_encryption() {
        var envelope = participant()
                .withEnv(
                        "ADDITIONAL_CONFIG_KMS",
                        CRYPTO + " { kms { " + gcp("r") + " }, private-key-store.encryption { type = kms,"
                                + " wrapper-key-id = k } }");
        assertThat(found(creationOf(envelope)))
                .containsExactly(
                        "BROKEN SEEN container participant: " + CRYPTO + ".private-key-store.encryption.type is kms"
                                + " (envelope encryption), which Splice does not support | remove private-key-store.encryption, once"
                                + " reverted (reverted = true) where keys are encrypted already; a participant that shall keep its"
                                + " keys in a KMS is installed fresh, with the kms values of splice-participant" + ENV);
    }

    @Test
    void refuses_a_kms_block_that_canton_does_not_use() {
        var unused = participant().withEnv("ADDITIONAL_CONFIG_KMS", CRYPTO + ".kms { " + gcp("r") + " }");
        var fix = " | set " + CRYPTO + ".provider = kms on a fresh participant, or remove the kms block" + ENV;
        assertThat(found(creationOf(unused)))
                .containsExactly(
                        "BROKEN SEEN container participant: " + CRYPTO + " has a kms block, but provider is not set"
                                + " (Canton's default is jce), so the participant would make keys of its own" + fix);
        assertThat(found(creationOf(unused.withEnv("ADDITIONAL_CONFIG_P", CRYPTO + ".provider = jce"))))
                .containsExactly(
                        "BROKEN SEEN container participant: " + CRYPTO + " has a kms block, but provider is jce, so"
                                + " the participant would make keys of its own" + fix);
    }

    @Test
    void says_nothing_of_a_sequencer() {
        var sequencer =
                participant().withEnv("ADDITIONAL_CONFIG_S", "canton.sequencers.s.crypto.kms { " + gcp("r") + " }");
        assertThat(found(creationOf(sequencer))).isEmpty();
    }
}
