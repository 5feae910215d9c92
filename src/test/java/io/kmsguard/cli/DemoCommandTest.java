// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Operation;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DemoCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run() {
        return Main.run(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                "demo");
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everything_comes_out_as_it_should() {
        assertThat(run()).isZero();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(text().lines().filter(line -> line.matches(" [0-9] .*")))
                .containsExactly(
                        " 1  helm install participant: a fresh one on Google Cloud KMS      warned   governance-key-flag",
                        " 2  helm install sv: externalGovernanceKey forgotten               DENIED   governance-key-flag",
                        " 3  helm install sv: with the flag, and without the Secret         DENIED   governance-key-secret",
                        " 4  kubectl create secret: keys named as in the guide's commands   DENIED   governance-key-secret",
                        " 5  helm install sv: such a Secret there from before the guard     DENIED   governance-key-secret",
                        " 6  kubectl apply: the Secret made anew, a true pair, right names  allowed  -",
                        " 7  helm install sv: the flag, and that Secret                     allowed  -",
                        " 8  helm upgrade participant: the KMS values file forgotten        DENIED   kms-migration",
                        " 9  helm install participant: on KMS, credentials not wired        warned   governance-key-flag");
        assertThat(text())
                .contains(
                        "\n    Patch adds: env GOOGLE_APPLICATION_CREDENTIALS, volumes gcp-credentials, volumeMounts\n")
                .contains(
                        "\nError: UPGRADE FAILED: cannot patch \"participant\" with kind Deployment: admission webhook"
                                + " \"workloads.kms-guard.io\" denied the request: Deployment sv/participant: container"
                                + " participant: ")
                .endsWith("""
                        All 9 steps came out as expected. Try next:

                          ./kms-guard check examples/sv-without-key
                        """);
    }

    @Test
    void fits_into_a_hundred_columns_but_for_the_one_line_of_helm() {
        run();

        assertThat(text().lines().filter(line -> !line.startsWith("Error: UPGRADE FAILED: ")))
                .allMatch(line -> line.length() <= 100);
    }

    @Test
    void says_so_where_something_comes_out_otherwise() {
        var step = new DemoStep(
                "helm install sv",
                List.of(),
                new JsonMapper().createObjectNode(),
                Decision.DENY,
                List.of("governance-key-flag"),
                List.of());
        var answer = new DemoAnswer(Operation.CREATE, Decision.ALLOW, List.of(), "", List.of(), List.of());
        var report = new DemoReport(new PrintStream(out, true, StandardCharsets.UTF_8));

        report.row(1, step, answer);
        report.closing(1, 1);

        assertThat(step.isAsExpected(answer)).isFalse();
        assertThat(text())
                .contains("    NOT AS EXPECTED: this should be deny by governance-key-flag.\n")
                .endsWith(
                        "1 of 1 steps did not come out as expected. This is a bug: please report it with this output.\n")
                .doesNotContain("Try next");
    }
}
