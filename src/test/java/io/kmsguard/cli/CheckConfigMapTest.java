// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Workloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckConfigMapTest {

    private static final String MAP = """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: own, namespace: sv}
            data:
              config: canton.participants.participant.crypto { provider = kms, kms { type = driver, name = hsm } }
            """;

    private static String participant(boolean optional) {
        return Workloads.participant()
                        .withConfigMapEnv("ADDITIONAL_CONFIG_OWN", "own", "config", optional)
                        .json()
                + "\n";
    }

    @Test
    void an_ordinary_first_install_passes() {
        for (var optional : new boolean[] {true, false}) {
            var cli = Cli.checkText(participant(optional) + MAP, "-", "--fail-on", "deny");
            assertThat(cli.out()).doesNotContain("kms-migration");
            assertThat(cli.exitCode()).isZero();
        }
    }

    private static Cli beside(boolean optional, Path folder) throws IOException {
        var old = Files.writeString(folder.resolve("old.json"), participant(optional));
        return Cli.checkText(participant(optional) + MAP, "-", "--old", old.toString());
    }

    @Test
    void one_that_is_new_under_what_runs_without_it_is_a_change(@TempDir Path folder) throws IOException {
        var cli = beside(true, folder);
        assertThat(cli.out()).contains("DENIED   ConfigMap sv/own").contains("kms-migration");
        assertThat(cli.exitCode()).isEqualTo(ExitCode.DENIED);
    }

    @Test
    void one_that_is_new_under_what_waits_for_it_passes(@TempDir Path folder) throws IOException {
        var cli = beside(false, folder);
        assertThat(cli.out()).doesNotContain("kms-migration");
        assertThat(cli.exitCode()).isZero();
    }
}
