// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static io.kmsguard.splice.Manifest.GOVERNANCE_KEY;
import static io.kmsguard.splice.Manifest.PRIVATE_ENV;
import static io.kmsguard.splice.Manifest.PUBLIC_ENV;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.splice.CometBftNode.KeySource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CometBftNodeTest {

    private static final String SECRET = "splice-app-sv-cometbft-governance-key";
    private static final KeySource MISSING = new KeySource.Missing();

    private static Manifest sv(String hocon) {
        return Manifest.svApp().env("ADDITIONAL_CONFIG_X", hocon);
    }

    private static Manifest withKeys(Manifest manifest) {
        return manifest.secretEnv(PUBLIC_ENV, SECRET, "public", false).secretEnv(PRIVATE_ENV, SECRET, "private", false);
    }

    private static List<CometBftNode> nodes(Manifest manifest) {
        return manifest.container().cometBftNodes();
    }

    private static CometBftNode keyless(String app, String name, boolean enabled) {
        return new CometBftNode(app, name, enabled, false, MISSING, MISSING);
    }

    private static CometBftNode keyed(String app, String name) {
        return new CometBftNode(app, name, true, true, new KeySource.Env(PUBLIC_ENV), new KeySource.Env(PRIVATE_ENV));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_comet_bft_config",
                "canton.sv-apps.sv.comet-bft-config",
                "canton.sv-apps.sv.local-synchronizer-node.comet-bft-config",
                "canton.sv-apps.sv.local-synchronizer-nodes.current.comet-bft-config"
            })
    void each_form_configures_node_current(String path) {
        assertThat(nodes(withKeys(sv(path + " { enabled = true, " + GOVERNANCE_KEY + " }"))))
                .containsExactly(keyed("sv", "current"));
        assertThat(nodes(withKeys(
                        sv(path + " { " + GOVERNANCE_KEY + " }").env("SPLICE_APP_SV_COMETBFT_ENABLED", "true"))))
                .containsExactly(keyed("sv", "current"));
        assertThat(nodes(sv(path + ".enabled = true"))).containsExactly(keyless("sv", "current", true));
    }

    @ParameterizedTest
    @CsvSource({
        "true,true",
        "TRUE,true",
        "True,true",
        "yes,true",
        "on,true",
        "false,false",
        "no,false",
        "Yes,false",
        "1,false"
    })
    void booleans_as_canton_reads_them(String text, boolean on) {
        assertThat(nodes(sv("_comet_bft_config.enabled = " + text))).containsExactly(keyless("sv", "current", on));
        assertThat(nodes(Manifest.svApp().env("SPLICE_APP_SV_COMETBFT_ENABLED", text)))
                .isEqualTo(on ? List.of(keyless("sv", "current", true)) : List.of());
    }

    @Test
    void what_the_configuration_says_wins_over_the_switch_that_the_image_puts_below_it() {
        for (var path : List.of("_comet_bft_config", "canton.sv-apps.sv.comet-bft-config")) {
            assertThat(nodes(sv(path + ".enabled = false").env("SPLICE_APP_SV_COMETBFT_ENABLED", "true")))
                    .containsExactly(keyless("sv", "current", false));
        }
        assertThat(nodes(sv("canton.sv-apps.sv.comet-bft-config.enabled = false\n_comet_bft_config.enabled = true")))
                .containsExactly(keyless("sv", "current", false));
    }

    @Test
    void a_switch_of_unknown_value_counts_as_on_and_is_reported() {
        var container = Manifest.svApp()
                .secretEnv("SPLICE_APP_SV_COMETBFT_ENABLED", "s", "k", false)
                .container();
        assertThat(container.cometBftNodes()).containsExactly(keyless("sv", "current", true));
        assertThat(container.config().unseen())
                .containsExactly("SPLICE_APP_SV_COMETBFT_ENABLED from key k of Secret s");
        assertThat(nodes(sv("_comet_bft_config.enabled = ${ON}").secretEnv("ON", "s", "k", false)))
                .containsExactly(keyless("sv", "current", true));
    }

    @Test
    void the_switch_is_read_by_an_sv_app_only() {
        assertThat(nodes(Manifest.participant().env("SPLICE_APP_SV_COMETBFT_ENABLED", "true")))
                .isEmpty();
    }

    @Test
    void flag_and_key_may_come_from_different_forms() {
        assertThat(nodes(withKeys(sv("_comet_bft_config { " + GOVERNANCE_KEY + " }\n"
                        + "canton.sv-apps.sv.local-synchronizer-nodes.current.comet-bft-config.enabled = true"))))
                .containsExactly(keyed("sv", "current"));
    }

    @Test
    void the_shared_block_belongs_to_the_one_app_there_is() {
        assertThat(nodes(sv("_comet_bft_config.enabled = true\n"
                        + "canton.sv-apps.mine.local-synchronizer-node.comet-bft-config.enabled = false")))
                .containsExactly(keyless("mine", "current", true));
        assertThat(nodes(sv("_comet_bft_config.enabled = true\ncanton.sv-apps.a.comet-bft-config.enabled = false\n"
                        + "canton.sv-apps.b.comet-bft-config.enabled = true")))
                .containsExactly(
                        keyless("sv", "current", true), keyless("a", "current", false), keyless("b", "current", true));
    }

    @Test
    void every_node_has_its_own_key() {
        var nodes = "canton.sv-apps.sv.local-synchronizer-nodes";
        assertThat(nodes(withKeys(sv(nodes + " { current.comet-bft-config { enabled = true, " + GOVERNANCE_KEY + " }\n"
                        + "successor.comet-bft-config.enabled = true\nlegacy.comet-bft-config.enabled = false\n"
                        + "additional-legacy = [ { comet-bft-config.enabled = true }, { x = 1 } ] }"))))
                .containsExactly(
                        keyed("sv", "current"),
                        keyless("sv", "successor", true),
                        keyless("sv", "legacy", false),
                        keyless("sv", "additional-legacy.0", true));
        assertThat(nodes(withKeys(sv(nodes + ".additional-legacy.10.comet-bft-config { enabled = true, "
                        + GOVERNANCE_KEY + " }\n" + nodes + ".additional-legacy.2.comet-bft-config.enabled = true"))))
                .containsExactly(keyless("sv", "additional-legacy.2", true), keyed("sv", "additional-legacy.10"));
    }

    @Test
    void a_key_read_from_an_env_var_that_is_not_set_does_not_reach() {
        var node = nodes(sv("_comet_bft_config { enabled = true, " + GOVERNANCE_KEY + " }"))
                .get(0);
        assertThat(node)
                .isEqualTo(new CometBftNode(
                        "sv",
                        "current",
                        true,
                        true,
                        new KeySource.UnsetEnv(PUBLIC_ENV),
                        new KeySource.UnsetEnv(PRIVATE_ENV)));
        assertThat(node.hasKey()).isFalse();
    }

    @Test
    void unset_env_vars_are_told_for_nodes_in_lists_too() {
        var node = nodes(sv("canton.sv-apps.sv.local-synchronizer-nodes.additional-legacy = [ { comet-bft-config {"
                        + " enabled = true, " + GOVERNANCE_KEY + " } } ]"))
                .get(0);
        assertThat(node.publicKey()).isEqualTo(new KeySource.UnsetEnv(PUBLIC_ENV));
    }

    @Test
    void an_empty_env_var_is_as_good_as_none() {
        var node = nodes(sv("_comet_bft_config { enabled = true, " + GOVERNANCE_KEY + " }")
                        .env(PUBLIC_ENV, "")
                        .secretEnv(PRIVATE_ENV, SECRET, "private", false))
                .get(0);
        assertThat(node.publicKey()).isEqualTo(new KeySource.UnsetEnv(PUBLIC_ENV));
        assertThat(node.privateKey()).isEqualTo(new KeySource.Env(PRIVATE_ENV));
        assertThat(node.hasKey()).isFalse();
    }

    @Test
    void keys_written_into_the_configuration() {
        var node = nodes(sv("_comet_bft_config { enabled = true, governance-key { public-key = \"abc\" } }"))
                .get(0);
        assertThat(node.publicKey()).isEqualTo(new KeySource.Inline(KeyText.of("abc")));
        assertThat(node.privateKey()).isEqualTo(MISSING);
        assertThat(node.declared()).isTrue();
        assertThat(node.toString()).doesNotContain("abc");
    }

    @Test
    void a_later_definition_of_a_key_wins() {
        var node = nodes(withKeys(sv("_comet_bft_config { enabled = true, governance-key { public-key = \"old\" } }\n"
                        + "_comet_bft_config { " + GOVERNANCE_KEY + " }")))
                .get(0);
        assertThat(node).isEqualTo(keyed("sv", "current"));
        assertThat(node.reads(PUBLIC_ENV)).isTrue();
        assertThat(node.reads("OTHER")).isFalse();
    }
}
