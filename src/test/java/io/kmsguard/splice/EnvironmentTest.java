// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {

    private static Optional<String> text(Container container, String name) {
        return container.env(name).flatMap(variable -> variable.value().text());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "$(A), a",
                "$(A)$(A)-$(B), aa-b",
                "$$(A), $(A)",
                "$$$(A), $a",
                "$$$$(A), $$(A)",
                "$(MISSING), $(MISSING)",
                "$(LATER), $(LATER)",
                "$(A, $(A",
                "$A ${A} $, $A ${A} $",
                "$(), $()"
            })
    void expands_as_kubernetes_does(String written, String read) {
        var container = Manifest.participant()
                .env("A", "a")
                .env("B", "b")
                .env("X", written)
                .env("LATER", "l")
                .container();
        assertThat(text(container, "X")).contains(read);
    }

    @Test
    void an_expanded_text_is_not_expanded_again() {
        var container = Manifest.participant()
                .env("A", "$$(B)")
                .env("B", "b")
                .env("X", "$(A)")
                .container();
        assertThat(text(container, "X")).contains("$(B)");
        var again = Manifest.participant()
                .env("A", "$$(B)")
                .env("B", "b")
                .env("X", "$(A)")
                .secretEnv("ADDITIONAL_CONFIG_X", "s", "k", true)
                .read()
                .completed(ref -> Optional.of(java.util.Map.of("k", "a = 1")));
        assertThat(text(again.containers().get(0), "X")).contains("$(B)");
    }

    @Test
    void what_depends_on_an_unknown_value_is_unknown() {
        var container = Manifest.participant()
                .secretEnv("S", "secret", "k", false)
                .env("X", "a$(S)")
                .env("Y", "$(X)")
                .container();
        assertThat(container.env("X").orElseThrow().value())
                .isEqualTo(new EnvValue.Template("a$(S)", "key k of Secret secret"));
        assertThat(container.env("Y").orElseThrow().value().source())
                .isEqualTo("a text that holds a text that holds key k of Secret secret");
    }

    @Test
    void a_name_that_an_unread_source_may_define_is_unknown() {
        var container = Manifest.participant()
                .envFrom("configMapRef", "m", "", false)
                .env("X", "$(A)")
                .container();
        assertThat(container.env("X").orElseThrow().value().source())
                .isEqualTo("a text that holds $(A), perhaps from envFrom");
    }

    @Test
    void of_equal_names_the_last_counts_and_all_are_listed() {
        var container = Manifest.participant().env("A", "1").env("A", "2").container();
        assertThat(text(container, "A")).contains("2");
        assertThat(container.env())
                .extracting(EnvVar::path)
                .containsExactly("/spec/template/spec/containers/0/env/0", "/spec/template/spec/containers/0/env/1");
    }

    @Test
    void value_counts_before_value_from_as_in_the_kubelet() {
        var manifest = Manifest.participant().secretEnv("A", "s", "k", false);
        ((tools.jackson.databind.node.ObjectNode)
                        manifest.containerJson().path("env").path(0))
                .put("value", "v");
        assertThat(text(manifest.container(), "A")).contains("v");
    }

    @Test
    void a_chain_of_expansions_does_not_grow_without_bound() {
        var manifest = Manifest.participant().env("V0", "x".repeat(1_000));
        for (var i = 1; i < 60; i++) {
            manifest.env("V" + i, ("$(V" + (i - 1) + ")").repeat(2));
        }
        assertThat(manifest.container().env("V20").orElseThrow().value().source())
                .contains("a text that grows beyond 131072 characters");
    }
}
