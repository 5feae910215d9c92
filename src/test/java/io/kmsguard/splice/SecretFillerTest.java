// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFillerTest {

    private static final String REPLICATOR = "'replicator.v1.mittwald.de/replicate-from': vault/key";
    private static final String REFLECTOR = "'reflector.v1.k8s.emberstack.com/reflects': vault/key";

    private static Optional<String> of(String annotations, String content) {
        return SecretFiller.of(Manifest.parse(("{'metadata': {'annotations': {" + annotations + "}}" + content + "}")
                .replace('\'', '"')
                .replace(": vault/key", ": \"vault/key\"")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", 'data': null",
                ", 'data': {}",
                ", 'data': {'public': '', 'private': ''}",
                ", 'stringData': {'a': ''}"
            })
    void names_the_controller_and_the_source_of_an_empty_secret(String content) {
        assertThat(of(REPLICATOR, content)).contains("kubernetes-replicator fills it from vault/key");
        assertThat(of(REFLECTOR, content)).contains("kubernetes-reflector fills it from vault/key");
        assertThat(of("", content)).isEmpty();
        assertThat(of(REPLICATOR.replace("vault/key", "''"), content)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ", 'data': {'public': 'YQ==', 'private': ''}",
                ", 'data': {'public': '%'}",
                ", 'stringData': {'a': 'b'}"
            })
    void a_secret_with_content_is_what_it_is(String content) {
        assertThat(of(REPLICATOR, content)).isEmpty();
    }

    @Test
    void other_annotations_fill_nothing() {
        assertThat(of("'replicator.v1.mittwald.de/replicate-to': vault/key", ""))
                .isEmpty();
    }
}
