// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdditionalConfigTest {

    private static final String GCP = "canton.participants.participant.crypto { provider = kms, kms { type = gcp,"
            + " location-id = us-east1, project-id = acme-prod, key-ring-id = ring } }";
    private static final KmsConfig ACME = new KmsConfig.Gcp("acme-prod", "us-east1", "ring");

    @ParameterizedTest
    @ValueSource(
            strings = {
                GCP,
                "canton { participants { participant { crypto { provider : kms\nkms : { type : gcp\nlocation-id : us-east1\n"
                        + "project-id : acme-prod\nkey-ring-id : ring } } } } }",
                "canton.participants.participant.crypto.provider=kms\n"
                        + "canton.participants.participant.crypto.kms={\"type\":\"gcp\",\"location-id\":\"us-east1\","
                        + "\"project-id\":\"acme-prod\",\"key-ring-id\":\"ring\"}",
                "# a comment with { braces\n" + GCP + " // and } another",
                "_k = { type = gcp, location-id = us-east1, project-id = acme-prod, key-ring-id = ring }\n"
                        + "canton.participants.participant.crypto { provider = kms, kms = ${_k} }",
                GCP + "\ncanton.participants.participant.ledger-api.name = \"\"\"{ \" }{{\"\"\"",
                "include \"other.conf\"\n" + GCP
            })
    void reads_every_spelling_alike(String hocon) {
        var config = Manifest.participant().env("ADDITIONAL_CONFIG_X", hocon).config();
        assertThat(config.problem()).isEmpty();
        assertThat(config.cryptos()).singleElement().satisfies(crypto -> {
            assertThat(crypto.identity()).contains(ACME);
            assertThat(crypto.problems()).isEmpty();
        });
    }

    @Test
    void a_later_name_wins_over_an_earlier_one_whatever_their_order() {
        var config = Manifest.participant()
                .env("ADDITIONAL_CONFIG_B", "canton.participants.participant.crypto.kms.location-id = europe")
                .env("ADDITIONAL_CONFIG_A", GCP)
                .config();
        assertThat(config.cryptos().get(0).identity()).contains(new KmsConfig.Gcp("acme-prod", "europe", "ring"));
    }

    @Test
    void of_two_env_vars_of_one_name_the_last_counts() {
        var config = Manifest.participant()
                .env("ADDITIONAL_CONFIG_A", GCP)
                .env("ADDITIONAL_CONFIG_A", "")
                .config();
        assertThat(config.cryptos()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ADDITIONAL_CONFIG-KMS, ADDITIONAL_CONFIG_KMS",
        "ADDITIONAL_CONFIG.KMS, ADDITIONAL_CONFIG_KMS",
        "ADDITIONAL_CONFIG_KMS ä, ADDITIONAL_CONFIG_KMS__"
    })
    void a_name_that_the_shell_does_not_see_is_lost_and_reported(String name, String better) {
        var config = Manifest.participant().env(name, GCP).config();
        assertThat(config.cryptos()).isEmpty();
        assertThat(config.problems())
                .containsExactly(new ConfigProblem(
                        name,
                        "does not reach Canton: the image's shell sees only names of letters, digits and _",
                        "rename it to " + better));
    }

    @Test
    void names_that_only_look_alike_are_not_read() {
        assertThat(Manifest.participant()
                        .env("XADDITIONAL_CONFIG", GCP)
                        .env("additional_config", GCP)
                        .config()
                        .cryptos())
                .isEmpty();
    }

    @Test
    void an_unquoted_url_is_unreadable_but_never_no_kms() {
        var config = Manifest.participant()
                .env(Manifest.KMS_ENV, """
                        canton.participants.participant.crypto {
                          provider = kms
                          kms = {
                            type = aws
                            region = us-east-1
                            endpoint-override = https://kms.example.com:8443
                          }
                        }
                        """)
                .env("ADDITIONAL_CONFIG_A", "a = 1\n")
                .config();
        assertThat(config.problem())
                .contains("endpoint-override is a URL without quotes"
                        + " (line 6: Expecting close brace } or a comma, got ':')");
        assertThat(config.culprit().map(EnvVar::name)).contains(Manifest.KMS_ENV);
        assertThat(config.isJudged()).isTrue();
        assertThat(config.problems()).isEmpty();
        assertThat(config.cryptos().get(0).identity()).contains(new KmsConfig.Aws("us-east-1", false));
    }

    @Test
    void go_text_is_explained() {
        var config = Manifest.participant().env(Manifest.KMS_ENV, """
                        canton.participants.participant.crypto {
                          provider = kms
                          kms = {
                            config = map[slot:3]
                            name = hsm # the big one
                            type = driver
                          }
                        }
                        """).config();
        assertThat(config.problem().orElse("")).startsWith("config is Go text (map[…]), not HOCON (line 4: ");
        assertThat(config.cryptos().get(0).identity()).contains(new KmsConfig.Driver("hsm"));
    }

    @Test
    void what_is_beyond_mending_is_not_judged() {
        var config = Manifest.participant()
                .env("ADDITIONAL_CONFIG_X", "canton.participants.participant.crypto { provider = kms")
                .config();
        assertThat(config.isJudged()).isFalse();
        assertThat(config.problem()).isPresent();
    }

    @Test
    void texts_that_are_broken_only_together_have_no_culprit() {
        var config = Manifest.participant()
                .env("ADDITIONAL_CONFIG_A", "a = \"\"\"x")
                .env("ADDITIONAL_CONFIG_B", "b = \"\"\"y\"\"\"z {")
                .config();
        assertThat(config.problem()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canton.x.password = hunter2:tail",
                "canton.x.password = hunter2\"tail",
                "canton.x.password = \"hunter2\" = tail",
                "canton.x { password = \"hunter2\" : \"tail\" ",
                "hunter2 ] tail",
                "a = 'hunter2' : tail"
            })
    void a_reason_quotes_nothing_of_the_text(String hocon) {
        var config = Manifest.participant().env("ADDITIONAL_CONFIG_X", hocon).config();
        assertThat(config.problem().orElse("no problem: hunter2")).doesNotContain("hunter2", "tail");
    }

    @Test
    void nothing_is_printed_of_the_values() {
        var workload = Manifest.participant()
                .env("ADDITIONAL_CONFIG_X", "canton.x.password = hunter2")
                .secretEnv("ADDITIONAL_CONFIG_Y", "s", "k", false)
                .configMapEnv("ADDITIONAL_CONFIG_Z", "m", "k", false)
                .env("T", "$(ADDITIONAL_CONFIG_Y) hunter2")
                .read()
                .completed(ref -> java.util.Optional.of(java.util.Map.of("k", "a = hunter2")));
        assertThat(workload.toString()).doesNotContain("hunter2");
        assertThat(workload.containers().get(0).env().toString()).doesNotContain("hunter2");
    }

    @Test
    void tells_what_it_did_not_see() {
        var config = Manifest.participant()
                .secretEnv("ADDITIONAL_CONFIG_X", "conf", "kms", false)
                .envFrom("configMapRef", "more", "", false)
                .config();
        assertThat(config.unseen())
                .containsExactly("ADDITIONAL_CONFIG_X from key kms of Secret conf", "ConfigMap more (envFrom)");
    }

    @Test
    void a_field_that_depends_on_an_env_var_of_unknown_value_is_neither_empty_nor_no_kms() {
        var config = Manifest.participant()
                .env(
                        "ADDITIONAL_CONFIG_X",
                        "canton.participants.participant.crypto { provider = ${PROVIDER}, kms { type = gcp, location-id ="
                                + " ${AREA}1, project-id = acme-prod, key-ring-id = ring } }")
                .secretEnv("PROVIDER", "conf", "provider", false)
                .configMapEnv("AREA", "conf", "area", false)
                .config();
        assertThat(config.cryptos()).singleElement().satisfies(crypto -> {
            assertThat(crypto.isKms()).isTrue();
            assertThat(crypto.identity()).contains(new KmsConfig.Gcp("acme-prod", "${AREA}1", "ring"));
            assertThat(crypto.problems()).isEmpty();
        });
        assertThat(config.unseen())
                .containsExactly(
                        "canton.participants.participant.crypto.provider, which reads PROVIDER from key provider of"
                                + " Secret conf",
                        "canton.participants.participant.crypto.kms.location-id, which reads AREA from key area of"
                                + " ConfigMap conf");
    }

    @Test
    void substitutions_read_known_env_vars() {
        var config = Manifest.participant()
                .env("AREA", "us-east")
                .env(
                        "ADDITIONAL_CONFIG_X",
                        GCP + "\ncanton.participants.participant.crypto.kms.location-id = ${AREA}\"4\"")
                .config();
        assertThat(config.cryptos().get(0).identity()).contains(new KmsConfig.Gcp("acme-prod", "us-east4", "ring"));
        assertThat(config.unseen()).isEmpty();
    }

    @Test
    void an_optional_substitution_without_env_var_leaves_what_stood_before() {
        var text = GCP + "\ncanton.participants.participant.crypto.kms.location-id = ${?AREA}";
        assertThat(Manifest.participant()
                        .env("ADDITIONAL_CONFIG_X", text)
                        .config()
                        .cryptos()
                        .get(0)
                        .identity())
                .contains(ACME);
        assertThat(Manifest.participant()
                        .env("ADDITIONAL_CONFIG_X", text)
                        .env("AREA", "europe")
                        .config()
                        .cryptos()
                        .get(0)
                        .identity())
                .contains(new KmsConfig.Gcp("acme-prod", "europe", "ring"));
    }

    @Test
    void a_block_that_needs_what_only_the_image_defines_is_not_seen() {
        var config = Manifest.participant()
                .env("ADDITIONAL_CONFIG_X", "canton.participants.participant.crypto = ${_base} { provider = kms }")
                .config();
        assertThat(config.unseen())
                .containsExactly(
                        "canton.participants.participant.crypto, which needs what the manifest does not define");
    }

    @Test
    void the_same_text_with_another_env_value_is_read_anew() {
        for (var region : new String[] {"us-east-1", "eu-west-1", "us-east-1"}) {
            var config = Manifest.participant()
                    .env("REGION_NAME", region)
                    .env(
                            "ADDITIONAL_CONFIG_X",
                            "canton.participants.p.crypto { provider = kms, kms { type = aws, region = ${REGION_NAME} } }")
                    .config();
            assertThat(config.cryptos().get(0).identity()).contains(new KmsConfig.Aws(region, false));
        }
    }

    @Test
    void compares_texts_letter_by_letter() {
        var one = Manifest.participant().env("ADDITIONAL_CONFIG_X", "a = 1").config();
        var same = Manifest.participant().env("ADDITIONAL_CONFIG_Y", "a = 1").config();
        var other = Manifest.participant().env("ADDITIONAL_CONFIG_X", "a : 1").config();
        var hidden = Manifest.participant()
                .env("ADDITIONAL_CONFIG_X", "a = 1")
                .secretEnv("ADDITIONAL_CONFIG_Y", "s", "k", true)
                .config();
        assertThat(one.hasSameTextAs(same)).isTrue();
        assertThat(one.hasSameTextAs(other)).isFalse();
        assertThat(one.hasSameTextAs(hidden)).isFalse();
    }
}
