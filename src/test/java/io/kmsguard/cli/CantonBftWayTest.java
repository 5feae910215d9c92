// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The way of an SV on a KMS participant through the synchronizer upgrade to Canton BFT (Splice 0.8.0), each step as an update. */
class CantonBftWayTest {

    private static final String COMETBFT = """
            %s.comet-bft-config {
              enabled = true
              governance-key {
                public-key = ${?SPLICE_APP_SV_COMETBFT_GOVERNANCE_PUBLIC_KEY}
                private-key = ${?SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY}
              }
            }""";
    private static final String KEYLESS = "%s.comet-bft-config.enabled = true";
    private static final String CANTON_BFT = "%s.sequencer.is-canton-bft-sequencer = true";

    @TempDir
    private Path folder;

    private static String sv(boolean hasKey, String... nodes) {
        var text = new StringBuilder("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: sv-app, namespace: sv, labels: {app.kubernetes.io/version: 0.8.0}}
                spec:
                  template:
                    metadata: {labels: {app: sv-app}}
                    spec:
                      containers:
                      - name: sv-app
                        image: registry.example/sv-app:0.8.0
                        env:
                        - {name: SPLICE_APP_SV_PARTICIPANT_ADDRESS, value: participant}
                """);
        for (var i = 0; i < nodes.length; i++) {
            text.append("        - name: ADDITIONAL_CONFIG_SV_DOMAIN_")
                    .append(i)
                    .append("\n          value: |\n");
            nodes[i].lines()
                    .forEach(line -> text.append("            ").append(line).append('\n'));
        }
        for (var half : hasKey ? List.of("public", "private") : List.<String>of()) {
            text.append("""
                            - name: SPLICE_APP_SV_COMETBFT_GOVERNANCE_%S_KEY
                              valueFrom:
                                secretKeyRef: {name: splice-app-sv-cometbft-governance-key, key: %s}
                    """.formatted(half, half));
        }
        return text.toString();
    }

    private static String node(String form, String name) {
        return form.formatted("canton.sv-apps.sv.local-synchronizer-nodes." + name);
    }

    private List<String> update(String before, String after) throws IOException {
        var old = Files.writeString(folder.resolve("old.yaml"), before);
        var now = Files.writeString(folder.resolve("new.yaml"), after);
        var cli = Cli.run(
                "check",
                "-o",
                "json",
                "--old",
                old.toString(),
                "--old",
                Cli.fixture("participant.yaml"),
                now.toString());
        return JsonMapper.shared().readTree(cli.out()).at("/results/0").findValuesAsString("rule").stream()
                .map(rule -> rule + " "
                        + JsonMapper.shared()
                                .readTree(cli.out())
                                .at("/results/0/decision")
                                .asString())
                .toList();
    }

    private static final String FIRST = sv(true, node(COMETBFT, "current"));
    private static final String PREPARED = sv(true, node(COMETBFT, "current"), node(CANTON_BFT, "successor"));
    private static final String UPGRADED = sv(true, node(CANTON_BFT, "current"), node(COMETBFT, "legacy"));
    private static final String LAST = sv(false, node(CANTON_BFT, "current"));

    @Test
    void each_step_passes_with_the_key_where_cometbft_is_on() throws IOException {
        var unseen = List.of("governance-key-secret unseen");
        assertThat(update(FIRST, PREPARED)).isEqualTo(unseen);
        assertThat(update(PREPARED, UPGRADED)).isEqualTo(unseen);
        assertThat(update(UPGRADED, LAST)).isEmpty();
    }

    @Test
    void a_node_that_still_has_cometbft_still_needs_its_key() throws IOException {
        assertThat(update(PREPARED, sv(false, node(CANTON_BFT, "current"), node(KEYLESS, "legacy"))))
                .containsExactly("governance-key-flag deny");
        // The env that its configuration reads is injected, so the Secret is what is left to be there.
        assertThat(update(PREPARED, sv(false, node(CANTON_BFT, "current"), node(COMETBFT, "legacy"))))
                .containsExactly("governance-key-secret unseen");
        assertThat(update(FIRST, sv(true, node(COMETBFT, "current"), node(KEYLESS, "successor"))))
                .contains("governance-key-flag deny");
    }
}
