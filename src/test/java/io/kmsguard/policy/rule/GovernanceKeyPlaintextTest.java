// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.PRIVATE_ENV;
import static io.kmsguard.policy.Workloads.PUBLIC_ENV;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Subjects;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GovernanceKeyPlaintextTest {

    private static final Keys KEYS = Keys.generate();
    private static final String FIX =
            " | make a new pair (kms-guard keys generate -n sv | kubectl apply -f -) and refer to its"
                    + " Secret (cometBFT.externalGovernanceKey, without secretOverrides); the one in plain text is known"
                    + " to every reader of the Deployment, its Helm release and the audit log | /spec/template/spec/containers/0";

    private static List<String> found(Subjects subject) {
        return Found.by(new GovernanceKeyPlaintext(), subject);
    }

    @Test
    void refuses_a_private_key_in_an_env() {
        var svApp = svApp().withEnv(PUBLIC_ENV, KEYS.publicKey()).withEnv(PRIVATE_ENV, KEYS.privateKey());
        assertThat(found(creationOf(svApp)))
                .containsExactly("IRREVERSIBLE SEEN container sv-app: env " + PRIVATE_ENV
                        + " holds the private governance key as plain text" + FIX + "/env/3");
    }

    @Test
    void refuses_it_in_each_of_two() {
        var svApp = svApp().withEnv(PRIVATE_ENV, KEYS.privateKey()).withSecretEnv(PRIVATE_ENV, "s", "private");
        assertThat(found(creationOf(svApp))).hasSize(1);
    }

    @Test
    void refuses_it_in_an_env_of_another_name_that_the_configuration_reads() {
        var svApp = svApp().withNode("current", "comet-bft-config.governance-key.private-key = ${SEED}")
                .withEnv("SEED", KEYS.privateKey());
        assertThat(found(creationOf(svApp)))
                .containsExactly(
                        "IRREVERSIBLE SEEN container sv-app: env SEED holds the private governance key as plain text"
                                + FIX + "/env/2");
    }

    @Test
    void refuses_it_in_the_configuration_itself() {
        var svApp = svApp().withNode(
                        "current", "comet-bft-config.governance-key.private-key = \"" + KEYS.privateKey() + "\"");
        assertThat(found(creationOf(svApp)))
                .containsExactly(
                        "IRREVERSIBLE SEEN container sv-app: env ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT holds the private"
                                + " governance key of CometBFT node current as plain text" + FIX + "/env/1");
    }

    @Test
    void allows_secrets_vault_references_and_empty_values() {
        assertThat(found(creationOf(keyedSvApp()))).isEmpty();
        assertThat(found(creationOf(svApp().withEnv(PRIVATE_ENV, "vault:secret/data/sv#private"))))
                .isEmpty();
        assertThat(found(creationOf(svApp().withEnv(PRIVATE_ENV, "")))).isEmpty();
        assertThat(found(creationOf(svApp().withNode(
                                "current",
                                "comet-bft-config.governance-key.private-key = \"vault:secret/data/sv#private\""))))
                .isEmpty();
    }

    @Test
    void allows_configuration_that_comes_from_a_secret_with_the_key_in_it() {
        var svApp = svApp().withoutEnv("ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT")
                .withSecretEnv("ADDITIONAL_CONFIG_KEY", "config", "key")
                .read()
                .completed(ref -> Optional.of(Map.of(
                        "key",
                        "canton.sv-apps.sv.local-synchronizer-nodes.current.comet-bft-config.governance-key.private-key = \""
                                + KEYS.privateKey() + "\"")));
        assertThat(svApp.containers().get(0).cometBftNodes()).hasSize(1);
        assertThat(found(creationOf(svApp))).isEmpty();
    }

    @Test
    void looks_at_sv_apps_only() {
        assertThat(found(creationOf(kmsParticipant().withEnv(PRIVATE_ENV, KEYS.privateKey()))))
                .isEmpty();
        assertThat(found(creationOfSecret(Map.of("private", KEYS.privateKey()))))
                .isEmpty();
    }
}
