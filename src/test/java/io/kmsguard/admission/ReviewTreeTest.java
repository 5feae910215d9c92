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
    void lists_of_managed_fields_are_empty_and_nothing_else_is() {
        var review = """
                {"request":{"uid":"1",
                  "object":{"metadata":{"name":"a","managedFields":[%1$s],"labels":{"x":"y"}},
                    "spec":{"template":{"metadata":{"managedFields":[%1$s]}}}},
                  "oldObject":{"metadata":{"managedFields":[%1$s],"name":"a"},"data":{"managedFields":"[1]"}},
                  "options":{"managedFields":{"a":[1]},"my\\"managedFields":[2],"text":"\\"managedFields\\":[3]"}}}
                """;
        var fields =
                "{\"manager\":\"helm\",\"fieldsV1\":{\"k:{\\\"name\\\":\\\"A\\\"}\":{\".\":{},\"]\":[[]],\"\\\\\":{}}}},{}";

        assertThat(read(review.formatted(fields))).isEqualTo(JSON.readTree(review.formatted("")));
        assertThat(JSON.readTree(review.formatted(fields))).isNotEqualTo(JSON.readTree(review.formatted("")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1,2", "12", "\"]\"", ""})
    void a_list_ends_at_its_own_bracket_whatever_the_one_before_it_was(String second) {
        var review =
                "{\"a\":{\"managedFields\":[%s]},\"c\":{\"managedFields\":[%s],\"b\":[1]},\"d\":{\"managedFields\":[1]}}";

        assertThat(read(review.formatted("1", second)))
                .isEqualTo(JSON.readTree(review.replace("[%s]", "[]").replace("s\":[1]", "s\":[]")));
    }

    @Test
    void a_list_with_white_space_before_it_is_read() {
        var review = "{\"metadata\":{\"managedFields\": [{\"manager\":\"helm\"}]}}";

        assertThat(read(review)).isEqualTo(JSON.readTree(review));
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
                "{\"managedFields\":[]}",
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
                "{\"managedFields\":[1}}",
                "{\"managedFields\":[\"1]}",
                "{\"a\":{\"managedFields\":[1]},\"b\":{\"managedFields\":[1",
                "{\"a\":{\"managedFields\":[1]},\"b\":{\"managedFields\":[\"1]}}",
                "{\"managedFields\":[\"\\",
                "{\"managedFields\":[",
                "{\"a\"managedFields\":[1]}",
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
