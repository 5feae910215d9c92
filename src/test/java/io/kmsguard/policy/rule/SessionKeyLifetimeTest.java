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

class SessionKeyLifetimeTest {

    private static final String CACHE =
            "canton.participants.participant.parameters.caching.session-encryption-key-cache";

    private static List<String> found(Subjects subject) {
        return Found.by(new SessionKeyLifetime(), subject);
    }

    private static Subjects with(Workloads participant, String config) {
        return creationOf(participant.withEnv("ADDITIONAL_CONFIG_KEYS", CACHE + config));
    }

    private static String finding(int minutes) {
        return "ADVISABLE SEEN container participant: session encryption keys of participant participant live "
                + minutes
                + " minutes, so a snapshot of its memory exposes the messages of that time | set " + CACHE
                + ".{sender-cache,receiver-cache}.expire-after-timeout to 1 hour or less, or remove it (default: 60 minutes) |"
                + " /spec/template/spec/containers/0/env";
    }

    @ParameterizedTest
    @ValueSource(strings = {"1h", "60 minutes", "10m", "3600 seconds", "for ever"})
    void allows_an_hour_and_less_and_leaves_what_is_no_duration_to_canton(String duration) {
        assertThat(found(with(kmsParticipant(), ".sender-cache.expire-after-timeout = " + duration)))
                .isEmpty();
    }

    @Test
    void allows_the_default_and_says_nothing_without_a_kms() {
        assertThat(found(creationOf(kmsParticipant()))).isEmpty();
        assertThat(found(with(participant(), ".sender-cache.expire-after-timeout = 1 day")))
                .isEmpty();
        assertThat(found(creationOfSecret(Map.of()))).isEmpty();
    }

    @Test
    void names_the_default_of_the_release_where_that_can_be_told() {
        var participant = kmsParticipant();
        assertThat(found(with(
                        participant.withImage("registry.example.com/canton-participant:0.5.13"),
                        ".sender-cache.expire-after-timeout = 2h")))
                .containsExactly(finding(120).replace("60 minutes", "10 minutes"));
        assertThat(found(with(
                        participant.withImage("registry.example.com/canton-participant:main"),
                        ".sender-cache.expire-after-timeout = 2h")))
                .containsExactly(finding(120).replace(", or remove it (default: 60 minutes)", ""));
    }

    @ParameterizedTest
    @CsvSource({"1 day, 1440", "2h, 120", "3601 seconds, 61", "61 minutes, 61"})
    void warns_of_keys_that_live_longer(String duration, int minutes) {
        assertThat(found(with(kmsParticipant(), ".receiver-cache.expire-after-timeout = " + duration)))
                .containsExactly(finding(minutes));
    }

    @Test
    void names_the_longer_of_both_caches_once() {
        assertThat(found(with(
                        kmsParticipant(),
                        " { sender-cache.expire-after-timeout = 3h, receiver-cache.expire-after-timeout = 2h }")))
                .containsExactly(finding(180));
    }
}
