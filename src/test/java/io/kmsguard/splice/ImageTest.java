// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTest {

    @Test
    void the_tag_tells_the_release() {
        assertThat(Image.parse("registry.example:5000/sv-app:0.7.3@sha256:0123").release())
                .contains(SpliceVersion.of(0, 7, 3));
        assertThat(Image.parse("registry.example/sv-app:1.0.0").release()).contains(SpliceVersion.of(1, 0, 0));
    }

    /** Canton's own images are tagged with its own releases: 3.5.14 is no Splice of the far future. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.example/canton-participant:3.5.14",
                "registry.example/canton-participant:2.10.1",
                "registry.example/sv-app:latest",
                "registry.example/sv-app:main",
                "registry.example/sv-app@sha256:0123",
                "registry.example/sv-app"
            })
    void other_tags_tell_none(String reference) {
        assertThat(Image.parse(reference).release()).isEmpty();
    }
}
