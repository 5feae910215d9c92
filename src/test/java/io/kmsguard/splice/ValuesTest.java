// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The small values: images, names, env values, key texts, KMS identities. */
class ValuesTest {

    @ParameterizedTest
    @CsvSource({
        "sv-app, sv-app, ",
        "sv-app:1, sv-app, 1",
        "registry:5000/a/sv-app, sv-app, ",
        "registry:5000/a/sv-app:0.7.3@sha256:abc, sv-app, 0.7.3",
        "registry/sv-app@sha256:abc, sv-app, ",
        "'', '', "
    })
    void an_image_reference_is_taken_apart(String reference, String name, String tag) {
        assertThat(Image.parse(reference)).isEqualTo(new Image(name, Optional.ofNullable(tag)));
    }

    @Test
    void an_object_is_named_as_in_messages() {
        assertThat(new ObjectRef("Secret", "sv", "x")).hasToString("Secret sv/x");
    }

    @ParameterizedTest
    @CsvSource({"A_1, true", "_a, true", "1A, false", "A-B, false", "A.B, false", "Ä, false", "'', false"})
    void shell_identifiers(String name, boolean is) {
        assertThat(new EnvVar(name, new EnvValue.Literal(""), "").isShellIdentifier())
                .isEqualTo(is);
    }

    @Test
    void env_values_say_where_they_come_from_and_never_what_they_are() {
        var secret = new EnvValue.SecretKey("s", "k", false, Optional.of(KeyText.of("hunter2")));
        var map = new EnvValue.ConfigMapKey("m", "k", false, Optional.of("hunter2"));
        assertThat(secret.text()).contains("hunter2");
        assertThat(map.text()).contains("hunter2");
        assertThat(secret.source()).isEqualTo("key k of Secret s");
        assertThat(map.source()).isEqualTo("key k of ConfigMap m");
        assertThat(new EnvValue.Literal("hunter2").source()).isEqualTo("a plain value");
        assertThat(new EnvValue.AtRunTime("a field").source()).isEqualTo("a field");
        assertThat(secret.toString() + map + new EnvValue.Literal("hunter2") + new EnvValue.Template("hunter2", "x"))
                .doesNotContain("hunter2");
        assertThat(new EnvFrom("Secret", "s", "", true)).hasToString("Secret s (envFrom)");
    }

    @Test
    void key_texts_are_compared_and_not_printed() {
        var key = KeyText.of("hunter2");
        assertThat(key).isEqualTo(KeyText.of("hunter2")).hasSameHashCodeAs(KeyText.of("hunter2"));
        assertThat(key).isNotEqualTo(KeyText.of("hunter3")).isNotEqualTo(KeyText.refused());
        assertThat(KeyText.of("")).isNotEqualTo(KeyText.refused());
        assertThat(key).hasToString("KeyText[hidden]");
        assertThat(KeyText.of("").isEmpty()).isTrue();
    }

    @Test
    void a_kms_finds_its_keys_again_in_the_same_place_only() {
        var gcp = new KmsConfig.Gcp("p", "l", "r");
        assertThat(gcp.hasTheKeysOf(new KmsConfig.Gcp("p", "l", "r"), KmsDrivers.NONE))
                .isTrue();
        assertThat(gcp.hasTheKeysOf(new KmsConfig.Gcp("p", "l", "R"), KmsDrivers.NONE))
                .isFalse();
        assertThat(gcp.hasTheKeysOf(new KmsConfig.Aws("l", true), KmsDrivers.NONE))
                .isFalse();
        assertThat(new KmsConfig.Driver("a").hasTheKeysOf(new KmsConfig.Driver("b"), KmsDrivers.NONE))
                .isFalse();
    }

    private static KmsConfig.Driver driver(String... settings) {
        var config = new TreeMap<String, String>();
        for (var i = 0; i < settings.length; i += 2) {
            config.put(settings[i], settings[i + 1]);
        }
        return new KmsConfig.Driver("hsm", Optional.of(config));
    }

    @Test
    void a_driver_keeps_its_keys_where_its_settings_say() {
        var was = driver("endpoint", "a", "slot", "3", "pin", "1");

        assertThat(driver("slot", "3", "endpoint", "a", "pin", "1").hasTheKeysOf(was, KmsDrivers.NONE))
                .isTrue();
        assertThat(driver("slot", "4", "endpoint", "a", "pin", "2").differences(was, KmsDrivers.NONE))
                .containsExactly("pin", "slot");
        assertThat(driver("slot", "4", "endpoint", "a", "pin", "1").hasTheKeysOf(was, KmsDrivers.NONE))
                .isFalse();
        assertThat(driver("endpoint", "a", "pin", "1").hasTheKeysOf(was, KmsDrivers.NONE))
                .isFalse();
        assertThat(driver().hasTheKeysOf(driver(), KmsDrivers.NONE)).isTrue();
    }

    @Test
    void settings_of_a_driver_that_are_not_known_are_no_difference() {
        var was = driver("endpoint", "a", "slot", "3", "pin", "1");

        assertThat(new KmsConfig.Driver("hsm").hasTheKeysOf(was, KmsDrivers.NONE))
                .isTrue();
        assertThat(was.hasTheKeysOf(new KmsConfig.Driver("hsm"), KmsDrivers.NONE))
                .isTrue();
        assertThat(was.hasTheKeysOf(was.withoutSecrets(), KmsDrivers.NONE)).isTrue();
        assertThat(was.withoutSecrets()).isEqualTo(driver("endpoint", "a", "slot", "3"));
        assertThat(driver("endpoint", "a", "slot", "4", "pin", "1").hasTheKeysOf(was.withoutSecrets(), KmsDrivers.NONE))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "us-east-1, false, us-east-1, true, true",
        "us-east-1, true, eu-west-1, true, true",
        "us-east-1, true, eu-west-1, false, false",
        "us-east-1, false, eu-west-1, true, false"
    })
    void only_multi_region_keys_are_in_another_region(
            String region, boolean multi, String otherRegion, boolean otherMulti, boolean found) {
        assertThat(new KmsConfig.Aws(region, multi)
                        .hasTheKeysOf(new KmsConfig.Aws(otherRegion, otherMulti), KmsDrivers.NONE))
                .isEqualTo(found);
    }

    @Test
    void a_kms_describes_itself() {
        assertThat(new KmsConfig.Gcp("p", "l", "r").describe())
                .isEqualTo("GCP KMS (project p, location l, key ring r)");
        assertThat(new KmsConfig.Aws("r", true).describe()).isEqualTo("AWS KMS (region r, multi-region keys)");
        assertThat(new KmsConfig.Aws("r", false).describe()).isEqualTo("AWS KMS (region r)");
        assertThat(new KmsConfig.Driver("d").describe()).isEqualTo("KMS driver d");
        assertThat(new KmsConfig.Other("").describe()).isEqualTo("a KMS without type");
        assertThat(new KmsConfig.Other("x").describe()).isEqualTo("a KMS of unknown type x");
    }

    @Test
    void the_participant_of_an_app() {
        assertThat(Manifest.svApp()
                        .env("SPLICE_APP_SV_PARTICIPANT_ADDRESS", "p.ns")
                        .container()
                        .participantAddress()
                        .flatMap(variable -> variable.value().text()))
                .contains("p.ns");
        assertThat(Manifest.other("validator-app", "x")
                        .env("SPLICE_APP_VALIDATOR_PARTICIPANT_ADDRESS", "q")
                        .container()
                        .participantAddress()
                        .flatMap(variable -> variable.value().text()))
                .contains("q");
        assertThat(Manifest.participant().container().participantAddress()).isEmpty();
    }
}
