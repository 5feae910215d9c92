// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextProblemsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "location-id = us-east1#x     | location-id | # | us-east1",
                "location-id = us-east1 # x   | location-id | # | us-east1",
                "key-ring-id = a//b           | key-ring-id | // | a",
                "key-ring-id = #ring          | key-ring-id | # | nothing"
            })
    void a_value_that_the_chart_renders_is_cut_by_any_comment_sign(
            String line, String field, String sign, String reads) {
        var config = Manifest.participant()
                .env(Manifest.KMS_ENV, "canton.participants.participant.crypto.kms {\n  " + line + "\n}")
                .config();
        assertThat(config.problems())
                .containsExactly(new ConfigProblem(
                        Manifest.KMS_ENV + " (" + field + ")",
                        "is cut at " + sign + ", which starts a comment; Canton reads: " + reads,
                        "put double quotes into the value: '\"…\"' in the values file"));
    }

    @Test
    void elsewhere_only_a_glued_sign_cuts_and_other_values_are_not_shown() {
        var config = Manifest.participant()
                .env(
                        "ADDITIONAL_CONFIG_X",
                        "a = fine # a comment\nb = fine // another\n# x = y#z\nc = \"quoted#not\" \nd = \"\"\"x#\n#y\"\"\"\n"
                                + "canton.password = hunter#2\nurl = \"https://example.com\"\n")
                .config();
        assertThat(config.problems())
                .containsExactly(new ConfigProblem(
                        "ADDITIONAL_CONFIG_X (canton.password)",
                        "is cut at #, which starts a comment",
                        "write the value in double quotes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"QWxhZGRpbjpvcGVuIHNlc2FtZQ", "\u00c0\u00cdO\u00f1\u00d2", "Sv-Participant-Key-Ring"})
    void what_looks_like_no_name_is_not_shown_even_where_a_name_belongs(String value) {
        var config = Manifest.participant()
                .env(Manifest.KMS_ENV, "canton.participants.participant.crypto.kms {\n  region = " + value + "#x\n}")
                .config();
        assertThat(config.problems())
                .extracting(ConfigProblem::text)
                .containsExactly("is cut at #, which starts a comment");
    }
}
