// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Workloads.PRIVATE_ENV;
import static io.kmsguard.policy.Workloads.PUBLIC_ENV;
import static io.kmsguard.policy.Workloads.SECRET;
import static io.kmsguard.policy.Workloads.keyedSvApp;
import static io.kmsguard.policy.Workloads.kmsParticipant;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GovernanceKeyConfigTest {

    private static final String ENV = "/spec/template/spec/containers/0/env/-";
    private static final String CONFIG = "ADDITIONAL_CONFIG_SV_COMETBFT_GOVERNANCE_KEY";
    private static final String NODES = "canton.sv-apps.sv.local-synchronizer-nodes";
    private static final Keys KEYS = Keys.generate();

    /** On a KMS participant, with a good Secret. */
    private static Subjects onKms(Workloads svApp) {
        return creationOf(svApp)
                .withParticipant("participant", kmsParticipant())
                .withSecret(SECRET, KEYS.texts());
    }

    private static Completion complete(Subjects subject) {
        return Injections.complete(List.of(new GovernanceKeyConfig()), subject.subject());
    }

    private static void refrains(Subjects subject, String why) {
        assertThat(complete(subject))
                .isEqualTo(new Completion(List.of(), List.of("no governance key injected: " + why)));
    }

    private static String block(String path) {
        return path + " {\n  governance-key {\n    public-key = ${?" + PUBLIC_ENV + "}\n    private-key = ${?"
                + PRIVATE_ENV + "}\n  }\n}\n";
    }

    private static String text(Workloads svApp) {
        var config = complete(onKms(svApp)).operations().get(0);
        return String.valueOf(((Map<?, ?>) config.value()).get("value"));
    }

    /** As charts up to 0.5 render it. */
    private static Workloads oldSvApp(String version) {
        return svApp().withoutEnv("ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT")
                .withEnv("SPLICE_APP_SV_COMETBFT_ENABLED", "true")
                .withImage("sv-app:" + version);
    }

    @Test
    void adds_what_the_chart_renders_for_the_flag() {
        assertThat(complete(onKms(svApp())).operations())
                .containsExactly(
                        new PatchOperation(
                                ENV, Map.of("name", CONFIG, "value", block(NODES + ".current.comet-bft-config"))),
                        new PatchOperation(ENV, reference(PRIVATE_ENV, "private")),
                        new PatchOperation(ENV, reference(PUBLIC_ENV, "public")));
        assertThat(complete(onKms(svApp())).notes())
                .containsExactly("injected the governance key from Secret " + SECRET
                        + " with its configuration; synchronizers.current.cometBFT.externalGovernanceKey: true in the"
                        + " values of splice-sv-node 0.7.3 makes this unnecessary");
    }

    private static Map<String, Object> reference(String env, String key) {
        return Map.of(
                "name",
                env,
                "valueFrom",
                Map.of("secretKeyRef", Map.of("name", SECRET, "key", key, "optional", false)));
    }

    @Test
    void writes_the_form_of_the_release() {
        assertThat(text(oldSvApp("0.4.2"))).isEqualTo(block("_comet_bft_config"));
        assertThat(text(oldSvApp("0.5.18"))).isEqualTo(block("_comet_bft_config"));
        assertThat(text(oldSvApp("0.6.14"))).isEqualTo(block(NODES + ".current.comet-bft-config"));
        assertThat(text(svApp().withImage("sv-app:0.7.4-snapshot.20260819.3601.0.v6f68f6b3")))
                .isEqualTo(block(NODES + ".current.comet-bft-config"));
    }

    @Test
    void writes_a_block_for_each_node_without_a_key_and_leaves_the_others() {
        var on = "comet-bft-config.enabled = true";
        assertThat(text(svApp().withNode("successor", on).withNode("legacy", "comet-bft-config.enabled = false")))
                .isEqualTo(block(NODES + ".current.comet-bft-config") + block(NODES + ".successor.comet-bft-config"));
        var keyed = keyedSvApp().withNode("successor", on);
        assertThat(text(keyed)).isEqualTo(block(NODES + ".successor.comet-bft-config"));
        assertThat(complete(onKms(keyed)).operations()).hasSize(1);
        var legacy = svApp().withEnv("ADDITIONAL_CONFIG_Z", NODES + ".additional-legacy.0 { " + on + " }");
        assertThat(text(legacy))
                .isEqualTo(block(NODES + ".additional-legacy.0.comet-bft-config")
                        + block(NODES + ".current.comet-bft-config"));
        assertThat(
                        text(
                                svApp().withEnv(
                                                "ADDITIONAL_CONFIG_Z",
                                                "canton.sv-apps.other.local-synchronizer-nodes.current {"
                                                        + " comet-bft-config { enabled = true, governance-key { public-key = a, private-key = b } } }")))
                .isEqualTo(block(NODES + ".current.comet-bft-config"));
    }

    @Test
    void has_nothing_to_do_where_no_key_is_needed_or_all_have_one() {
        assertThat(complete(onKms(keyedSvApp()))).isEqualTo(Completion.NONE);
        assertThat(complete(onKms(svApp().withNode("current", "comet-bft-config.enabled = false"))))
                .isEqualTo(Completion.NONE);
        assertThat(complete(onKms(svApp()).withParticipant("participant", participant())))
                .isEqualTo(Completion.NONE);
        assertThat(complete(onKms(svApp()).withParticipant("participant", Lookup.absent())))
                .isEqualTo(Completion.NONE);
        assertThat(complete(creationOf(kmsParticipant()))).isEqualTo(Completion.NONE);
    }

    @Test
    void leaves_what_opted_out() {
        assertThat(complete(onKms(svApp().withAnnotation(Injections.OPT_OUT, "false"))))
                .isEqualTo(Completion.NONE);
    }

    @Test
    void says_what_it_cannot_tell() {
        refrains(
                onKms(svApp()).withParticipant("participant", Lookup.unknown("it took too long")),
                "whether its participant is on a KMS could not be told (it took too long)");
        refrains(
                onKms(svApp())
                        .withParticipant("participant", participant().withSecretEnv("ADDITIONAL_CONFIG_KMS", "s", "k")),
                "whether its participant is on a KMS could not be told (it takes ADDITIONAL_CONFIG_KMS from key k of"
                        + " Secret s, which could not be read)");
        refrains(
                onKms(svApp().withSecretEnv("ADDITIONAL_CONFIG_MORE", "s", "k")),
                "container sv-app takes ADDITIONAL_CONFIG_MORE from key k of Secret s, which could not be read");
        refrains(
                onKms(svApp().withNode("current", "comet-bft-config { enabled = true")),
                "Canton cannot read the configuration of container sv-app");
        refrains(
                onKms(svApp().withImage("sv-app:main")),
                "the release of Splice, on which the form of the configuration depends, cannot be told from image and"
                        + " labels");
        refrains(
                onKms(svApp()).withSecret(SECRET, Lookup.unknown("the guard lacks get on secrets")),
                "whether Secret sv/" + SECRET + " holds it could not be told (the guard lacks get on secrets)");
    }

    @Test
    void gives_no_key_that_is_none() {
        refrains(onKms(svApp()).withSecret(SECRET, Lookup.absent()), "Secret sv/" + SECRET + " is not there");
        refrains(
                onKms(svApp()).withSecret(SECRET, Map.of("publicKey", "a", "private", "b")),
                "Secret sv/" + SECRET + " has no key public");
        refrains(
                onKms(svApp()).withSecret(SECRET, Map.of("public", "null", "private", "null")),
                "Secret sv/" + SECRET + " holds no key pair: key public is the text null, which jq prints for a"
                        + " name that the JSON does not have");
    }

    @Test
    void overwrites_nothing() {
        refrains(
                onKms(svApp().withEnv(CONFIG, "a = 1")),
                "container sv-app has env " + CONFIG + " of its own, with other content");
        refrains(
                onKms(svApp().withEnv(PRIVATE_ENV, "vault:secret/sv#key")),
                "container sv-app has env " + PRIVATE_ENV + " of its own, not from key private of Secret " + SECRET);
        refrains(
                onKms(svApp().withSecretEnv(PUBLIC_ENV, "another", "public")),
                "container sv-app has env " + PUBLIC_ENV + " of its own, not from key public of Secret " + SECRET);
    }

    @Test
    void takes_an_env_that_holds_the_key_already() {
        assertThat(complete(onKms(svApp().withOptionalSecretEnv(PUBLIC_ENV, SECRET, "public")))
                        .operations())
                .extracting(operation -> String.valueOf(((Map<?, ?>) operation.value()).get("name")))
                .containsExactly(CONFIG, PRIVATE_ENV);
    }

    @Test
    void refrains_where_its_text_would_not_do_or_would_do_harm() {
        var on = "[ { comet-bft-config.enabled = true }, { comet-bft-config.enabled = false } ]";
        var later = svApp().withEnv("ADDITIONAL_CONFIG_Z", NODES + ".additional-legacy = " + on);
        var earlier = svApp().withEnv("ADDITIONAL_CONFIG_A", NODES + ".additional-legacy = " + on);
        var why = "one more env does not give it to every CometBFT node of container sv-app (additional-legacy.0,"
                + " current) without changing another";
        refrains(onKms(later), why);
        refrains(onKms(earlier), why);
        refrains(
                onKms(svApp().withNode(
                                "successor", "comet-bft-config { enabled = true, governance-key.public-key = a }")),
                "one more env does not give it to every CometBFT node of container sv-app (current) without changing"
                        + " another");
    }
}
