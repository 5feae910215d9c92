// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Workloads;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** A participant whose credentials come by an ExternalSecret in the same files. */
class CheckSecretMakerTest {

    private static List<String> rules(String policy) {
        var participant = Workloads.participant()
                .withEnv(
                        "ADDITIONAL_CONFIG_KMS",
                        "canton.participants.participant.crypto { provider = kms, kms { type = aws, region = us-east-1 } }")
                .withSecretEnv("AWS_ACCESS_KEY_ID", "aws-credentials", "accessKeyId")
                .withSecretEnv("AWS_SECRET_ACCESS_KEY", "aws-credentials", "secretAccessKey");
        var cli = Cli.checkText(participant.json() + """

                ---
                apiVersion: external-secrets.io/v1
                kind: ExternalSecret
                metadata: {name: aws-credentials, namespace: sv}
                spec:
                  target: {creationPolicy: %s}
                  data: [{secretKey: accessKeyId}, {secretKey: secretAccessKey}]
                """.formatted(policy), "-", "-o", "json");
        return JsonMapper.shared().readTree(cli.out()).at("/results/0/findings").findValuesAsString("rule");
    }

    /** One that only fills what is there makes nothing. */
    @ParameterizedTest
    @CsvSource({"Owner, false", "Orphan, false", "Merge, true", "None, true"})
    void is_not_told_of_them_where_they_will_be_made(String policy, boolean isTold) {
        assertThat(rules(policy).contains("kms-credentials")).isEqualTo(isTold);
    }
}
