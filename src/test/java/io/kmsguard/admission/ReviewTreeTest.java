// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReviewTreeTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static JsonNode read(String text) {
        return ReviewTree.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void managed_fields_of_both_objects_are_left_out_and_nothing_else() {
        var review = """
                {"request":{"uid":"1",
                  "object":{"metadata":{"name":"a",%1$s"labels":{"x":"y"}},
                    "spec":{"managedFields":[1],"template":{"metadata":{"managedFields":[2]}}}},
                  "oldObject":{"metadata":{%1$s"name":"a"},"data":{"managedFields":"kept"}},
                  "options":{"metadata":{"managedFields":[3]}}},
                 "managedFields":[4],"metadata":{"managedFields":[5]}}
                """;
        var noise =
                "\"managedFields\":[{\"manager\":\"helm\",\"fieldsV1\":{\"k:{\\\"name\\\":\\\"A\\\"}\":{\".\":{},\"]\":[[]]}}}],";

        assertThat(read(review.formatted(noise))).isEqualTo(JSON.readTree(review.formatted("")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "1.50",
                "\"text\"",
                "{\"request\":null}",
                "{\"request\":[{\"object\":{}}]}",
                "{\"request\":{\"object\":\"none\",\"oldObject\":null}}",
                "{\"request\":{\"object\":{\"metadata\":[{\"managedFields\":1}]}}}",
                "{\"request\":{\"object\":{\"metadata\":{}},\"object\":{\"kind\":\"the last one counts\"}}}",
                "{\"a\":[{\"b\":[1,2,{}]},true,null,1e400,\"\\u00e4\"]}  \n"
            })
    void all_else_is_the_tree_that_jackson_reads(String text) {
        assertThat(read(text)).isEqualTo(JSON.readTree(text));
    }

    @Test
    void nothing_is_a_missing_node() {
        assertThat(read(" ").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{} {}",
                "{\"request\":{}}}",
                "{\"request\":{\"object\":{\"metadata\":{\"managedFields\":[}}}}",
                "{\"request\":{\"object\":{\"metadata\":{\"managedFields\":[1]",
                "{\"request\":{\"object\":{\"metadata\":{\"name\"}}}}",
                "{\"request\":",
                "nil"
            })
    void what_is_no_json_is_refused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(JacksonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec", "metadata"})
    void what_is_nested_too_deep_is_refused(String where) {
        var deep = "{\"request\":{\"object\":{\"" + where + "\":{\"managedFields\":" + "[".repeat(600) + "]".repeat(600)
                + "}}}}";

        assertThatThrownBy(() -> read(deep)).isInstanceOf(JacksonException.class);
    }
}
