// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionSigningKeysTest {

    private static final String PARTICIPANT = "canton.participants.participant.";
    private static final String NEWEST = "crypto.session-signing-keys.enabled";

    private static List<String> found(Subjects subject) {
        return Found.by(new SessionSigningKeys(), subject);
    }

    private static Subjects at(String tag, String path) {
        return creationOf(on(kmsParticipant(), path).withImage("registry.example.com/canton-participant:" + tag));
    }

    private static Workloads on(Workloads participant, String path) {
        return participant.withEnv("ADDITIONAL_CONFIG_SESSION_SIGNING_KEYS", PARTICIPANT + path + " = true");
    }

    private static String finding(String ruleClass, String path, String release) {
        return ruleClass + " SEEN container participant: " + PARTICIPANT + path + " is on, which " + release
                + " | remove it (the sample values have it as ADDITIONAL_CONFIG_SESSION_SIGNING_KEYS in additionalEnvVars), or"
                + " upgrade to Splice 0.7.2 | /spec/template/spec/containers/0/env";
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.7.2", "0.7.3", "0.7.4-snapshot.20260819.3601.0.v6f68f6b3", "0.8.0", "1.0.0"})
    void allows_them_from_the_release_whose_samples_have_them(String tag) {
        assertThat(found(at(tag, NEWEST))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0.7.1, crypto.session-signing-keys.enabled, 0.7.1",
        "0.7.2-snapshot.20260801.1.0.v0, crypto.session-signing-keys.enabled, 0.7.2-snapshot",
        "0.5.18, crypto.kms.session-signing-keys.enabled, 0.5.18",
        "0.4.2, parameters.session-signing-keys.enabled, 0.4.2"
    })
    void refuses_them_before_wherever_canton_reads_them(String tag, String path, String release) {
        assertThat(found(at(tag, path)))
                .containsExactly(finding("BROKEN", path, "Splice " + release + " does not support"));
    }

    @Test
    void warns_where_the_release_cannot_be_told() {
        assertThat(found(at("main", NEWEST)))
                .containsExactly(finding(
                        "ADVISABLE",
                        NEWEST,
                        "only Splice 0.7.2 and later supports, and the release could not be told"));
    }

    @Test
    void allows_what_is_off_and_says_nothing_without_a_kms() {
        assertThat(found(creationOf(kmsParticipant()))).isEmpty();
        var off = kmsParticipant()
                .withImage("registry.example.com/canton-participant:0.6.14")
                .withEnv("ADDITIONAL_CONFIG_A", PARTICIPANT + "crypto.kms.session-signing-keys.enabled = true")
                .withEnv("ADDITIONAL_CONFIG_B", PARTICIPANT + NEWEST + " = false");
        assertThat(found(creationOf(off))).isEmpty();
        assertThat(found(creationOf(
                        on(participant(), NEWEST).withImage("registry.example.com/canton-participant:0.6.14"))))
                .isEmpty();
        assertThat(found(creationOfSecret(Map.of()))).isEmpty();
    }
}
