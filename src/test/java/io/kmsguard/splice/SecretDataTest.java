// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretDataTest {

    @Test
    void data_is_decoded_and_string_data_wins() {
        var secret = Manifest.parse("""
                {"data": {"a": "YQ==", "b": "Y\\nQ==", "c": "YQ==", "d": ""}, "stringData": {"c": "plain", "e": 1}}
                """);
        assertThat(SecretData.read(secret))
                .isEqualTo(Map.of(
                        "a", KeyText.of("a"), "b", KeyText.of("a"), "c", KeyText.of("plain"), "d", KeyText.of("")));
        assertThat(SecretData.texts(secret)).isEqualTo(Map.of("a", "a", "b", "a", "c", "plain", "d", ""));
    }

    @Test
    void malformed_base64_is_a_value_that_is_diagnosed() {
        var secret = Manifest.parse("{\"data\": {\"public\": \"(x)\", \"other\": 1}}");
        assertThat(SecretData.texts(secret)).isEmpty();
        var text = Optional.ofNullable(SecretData.read(secret).get("public"));
        assertThat(KeyPair.diagnose(text, Optional.empty()))
                .containsExactly(new KeyDefect(
                        KeyDefect.Half.PUBLIC,
                        KeyDefect.Kind.REFUSED_DATA,
                        "is not base64 under data, so that the API server refuses the Secret",
                        "put the text under stringData, or encode it once more"));
        assertThat(SecretData.read(secret)).containsKey("other");
    }

    @Test
    void raw_bytes_stand_one_for_one() {
        var secret = Manifest.parse("{\"data\": {\"public\": \"/////w==\"}}");
        assertThat(SecretData.texts(secret)).isEqualTo(Map.of("public", "\u00ff\u00ff\u00ff\u00ff"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "[]", "{\"data\": null}", "{\"data\": [], \"stringData\": \"x\"}"})
    void wrong_shapes_hold_nothing(String json) {
        assertThat(SecretData.read(Manifest.parse(json))).isEmpty();
    }
}
