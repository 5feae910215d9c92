// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An audit of manifests, as people and machines get it. {@code -Dgolden.write} rewrites the goldens, and still fails. */
class AuditInputTest {

    @Test
    void tells_what_cannot_be_meant() {
        assertThat(AuditCommandTest.audit(AuditCommandTest.FLEET.toString(), "--context", "x")
                        .err())
                .startsWith("kms-guard: manifests or a cluster (--kubeconfig, --context), not both\n");
        assertThat(AuditCommandTest.audit(AuditCommandTest.FLEET.toString(), "-o", "sarif", "--since", "x")
                        .err())
                .startsWith("kms-guard: --since needs -o text or -o json\n");
        assertThat(AuditCommandTest.audit("-n", "a/b", "--kubeconfig", "absent"))
                .isEqualTo(new Cli(2, "", "kms-guard: 'a/b' is no name of a namespace.\n"));
        assertThat(AuditCommandTest.audit("--kubeconfig", "absent"))
                .isEqualTo(new Cli(2, "", "kms-guard: The kubeconfig file absent does not exist.\n"));
    }

    @Test
    void says_that_there_is_nothing() throws IOException {
        var cli = AuditCommandTest.audit(Cli.fixture("web-ui.yaml"));

        assertThat(cli.out()).contains("No SV and no participant on a KMS is seen.\n");
        assertThat(cli.exitCode()).isZero();
    }

    @Test
    void reads_standard_input_where_it_is_named() throws IOException {
        var cli =
                Cli.run(Files.readString(AuditCommandTest.FLEET), Map.of(), Terminals.NONE, "audit", "-", "-o", "json");

        JsonNode report = new JsonMapper().readTree(cli.out());
        assertThat(report.path("scope").asString()).isEqualTo("manifests stdin");
        assertThat(report.path("fleet").size()).isEqualTo(6);
    }
}
