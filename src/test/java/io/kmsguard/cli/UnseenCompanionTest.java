// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class UnseenCompanionTest {

    @Test
    void warns_of_a_companion_that_it_cannot_see() {
        var report = JsonMapper.shared()
                .readTree(Cli.check("participant.yaml", "sv-with-flag.yaml", "-o", "json")
                        .out());
        assertThat(report.at("/results/1/decision").asString()).isEqualTo("unseen");
        assertThat(report.at("/results/1/findings/0/action").asString()).isEqualTo("unseen");
        assertThat(report.at("/summary/unseen").asInt()).isEqualTo(1);
        assertThat(report.at("/results/1/findings/0/message").asString())
                .endsWith("(it may be there without being seen here).");
    }

    @Test
    void fails_on_a_companion_that_it_cannot_see_only_where_that_is_asked_for() {
        var files = new String[] {"participant.yaml", "credentials.yaml", "sv-with-flag.yaml"};
        assertThat(exitCode(files, "deny")).isZero();
        assertThat(exitCode(files, "warn")).isZero();
        assertThat(exitCode(files, "unseen")).isEqualTo(1);
        assertThat(Cli.check(files).out())
                .contains(
                        "unseen   Deployment sv/sv-app (sv-app)",
                        "(broken, unseen)",
                        "0 denied, 0 warned, 1 unseen, 1 allowed");
    }

    private static int exitCode(String[] files, String failOn) {
        var args = Arrays.copyOf(files, files.length + 2);
        args[files.length] = "--fail-on";
        args[files.length + 1] = failOn;
        return Cli.check(args).exitCode();
    }
}
