// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {

    private static final List<String> WORDS = List.of("kms-config", "kms-mode", "duplicate-env");

    @Test
    void finds_the_closest_word() {
        assertThat(Suggestion.closest("kms-confg", WORDS)).hasValue("kms-config");
        assertThat(Suggestion.closest("kmsmode", WORDS)).hasValue("kms-mode");
        assertThat(Suggestion.closest("duplicat-enf", WORDS)).hasValue("duplicate-env");
    }

    @Test
    void finds_a_word_by_a_part_of_it() {
        assertThat(Suggestion.closest("duplicate", WORDS)).hasValue("duplicate-env");
    }

    @Test
    void finds_nothing_where_nothing_is_like_it() {
        assertThat(Suggestion.closest("policy", WORDS)).isEmpty();
        assertThat(Suggestion.closest("", WORDS)).isEmpty();
    }

    @Test
    void hints_at_a_word_or_lists_them() {
        assertThat(Suggestion.hint("kms-mod", WORDS)).isEqualTo("; did you mean kms-mode?");
        assertThat(Suggestion.hint("x", WORDS)).isEqualTo("; there are kms-config, kms-mode, duplicate-env");
        assertThat(Suggestion.closest("kms-mode".repeat(50), WORDS)).isEmpty();
    }
}
