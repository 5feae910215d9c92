// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpliceMarksTest {

    private static boolean mayConcern(String container) {
        var json = ("{\"spec\":{\"template\":{\"spec\":{\"containers\":[{" + container + "}]}}}}")
                .getBytes(StandardCharsets.UTF_8);
        return SpliceMarks.mayConcern(json, json.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"image\":\"registry:5000/canton-participant:0.7.3\"",
                "\"name\":\"participant\"",
                "\"name\":\"sv-app\"",
                "\"name\":\"validator-app\"",
                "\"name\":\"sequencer\"",
                "\"name\":\"mediator\"",
                "\"image\":\"My-Splice-Thing\"",
                "\"env\":[{\"name\":\"ADDITIONAL_CONFIG_X\"}]",
                "\"env\":[{\"name\":\"CANTON_PARTICIPANT_POSTGRES_DB\"}]",
                "\"env\":[{\"name\":\"SPLICE_APP_SV_PARTICIPANT_ADDRESS\"}]",
                "\"name\":\"\\u0070\\u0061rticipan\\u0074\"",
                "\"name\":\"sv\\u002dapp\""
            })
    void every_evidence_of_a_role_is_a_mark(String container) {
        assertThat(mayConcern(container)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"image\":\"nginx\",\"name\":\"web\"",
                "\"args\":[\"a \\u003c b \\u0026\\u0026 c\"]",
                "\"name\":\"particip\"",
                "\"name\":\"sv_app\""
            })
    void an_ordinary_workload_has_none(String container) {
        assertThat(mayConcern(container)).isFalse();
    }

    @Test
    void what_has_no_containers_is_left_to_its_reader() {
        var json = "{\"spec\":{}}".getBytes(StandardCharsets.UTF_8);
        assertThat(SpliceMarks.mayConcern(json, json.length)).isTrue();
    }

    @Test
    void bytes_behind_the_end_do_not_count() {
        var json = "{\"containers\":[{}]}participant".getBytes(StandardCharsets.UTF_8);
        assertThat(SpliceMarks.mayConcern(json, json.length - 1)).isFalse();
    }
}
