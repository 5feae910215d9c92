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

    private String plan(String before, String after) throws IOException {
        var old = Files.writeString(folder.resolve("old.yaml"), before);
        var now = Files.writeString(folder.resolve("new.yaml"), after);
        return Cli.run("plan", "--old", old.toString(), "--old", Cli.fixture("participant.yaml"), now.toString())
                .out();
    }

    @Test
    void a_plan_tells_the_steps_and_where_the_sv_app_stands() throws IOException {
        assertThat(plan(FIRST, PREPARED)).isEqualTo("""
                        Nothing is denied here, so there is nothing to plan. 1 judged, 0 with warnings; kms-guard check tells them.

                        The upgrade to Canton BFT, as the guard sees Deployment sv/sv-app: a node with CometBFT on needs the governance key.
                          1. Before: current on CometBFT, with the governance key.
                          2. Prepared: current as before, and successor with a Canton BFT sequencer and no CometBFT block.
                          3. Upgraded: current on Canton BFT, and legacy on CometBFT with the governance key, as long as it is kept.
                          4. After: no node on CometBFT. The flag and both env may go, and then the Secret.
                        CometBFT is on for current (with a key): this is step 1 or 2.
                        """);
        assertThat(plan(PREPARED, sv(false, node(CANTON_BFT, "current"), node(KEYLESS, "legacy"))))
                .startsWith(
                        "Mend, in this order:\n  1. Fix: set synchronizers.legacy.cometBFT.externalGovernanceKey: true"
                                + " in the values of splice-sv-node 0.8.0, ")
                .endsWith("\nCometBFT is on for legacy (without a key): this is step 3.\n");
        assertThat(plan(UPGRADED, LAST)).endsWith("\nCometBFT is on for no node: this is step 4.\n");
    }

    @Test
    void a_plan_for_an_earlier_release_tells_nothing_of_it() throws IOException {
        assertThat(plan(FIRST, FIRST.replace("0.8.0", "0.7.3"))).doesNotContain("Canton BFT");
    }

    /** A fresh SV that runs no CometBFT has no node identity of it, and needs no governance key. */
    @Test
    void a_fresh_sv_without_cometbft_needs_no_governance_key() throws IOException {
        var old = Files.writeString(folder.resolve("old.yaml"), LAST);
        var way = Cli.run(
                        "plan",
                        "--old",
                        old.toString(),
                        "--old",
                        Cli.fixture("participant-without-kms.yaml"),
                        Cli.fixture("participant.yaml"))
                .out();
        assertThat(way)
                .contains("Prepare an SV name and an SV identity of its own: the old SV stays")
                .doesNotContain("CometBFT node identity", "governance key");
    }
}
