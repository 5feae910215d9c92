// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.aws;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Subjects;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KmsTlsVerificationTest {

    private static List<String> found(Subjects subject) {
        return Found.by(new KmsTlsVerification(), subject);
    }

    private static Subjects with(String field) {
        return creationOf(participant().withKms(aws("us-east-1", true) + field));
    }

    @Test
    void allows_what_is_verified() {
        assertThat(found(creationOf(kmsParticipant()))).isEmpty();
        assertThat(found(with(""))).isEmpty();
        assertThat(found(with(", disable-ssl-verification = false"))).isEmpty();
        assertThat(found(creationOfSecret(Map.of()))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "\"true\"", "yes", "on"})
    void warns_of_an_endpoint_that_is_not_verified(String on) {
        assertThat(found(with(", disable-ssl-verification = " + on)))
                .containsExactly("ADVISABLE SEEN container participant:"
                        + " canton.participants.participant.crypto.kms.disable-ssl-verification is on, so the"
                        + " certificate of the KMS endpoint is not verified | remove disableSslVerification from the"
                        + " kms values; give the JVM the CA of a private endpoint in a trust store instead |"
                        + " /spec/template/spec/containers/0/env");
    }
}
