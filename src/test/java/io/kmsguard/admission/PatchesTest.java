// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kmsguard.injection.PatchOperation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PatchesTest {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void add_to_lists_and_objects_of_a_copy() {
        var object = JSON.readTree("{\"a\": {\"list\": [1]}, \"x\": null}");
        var patched = Patches.apply(
                object,
                List.of(
                        new PatchOperation("/a/list/-", Map.of("name", "n")),
                        new PatchOperation("/a/more", List.of()),
                        new PatchOperation("/a/more/-", true)));
        assertThat(patched).hasToString("{\"a\":{\"list\":[1,{\"name\":\"n\"}],\"more\":[true]},\"x\":null}");
        assertThat(object).hasToString("{\"a\":{\"list\":[1]},\"x\":null}");
    }

    @Test
    void refuse_a_path_that_leads_nowhere() {
        var operations = List.of(new PatchOperation("/a/b/-", 1));
        assertThatThrownBy(() -> Patches.apply(JSON.readTree("{\"a\": 1}"), operations))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nothing to add to at /a/b/-");
    }

    @Test
    void go_over_the_wire_as_additions() {
        assertThat(Patches.toJson(List.of(new PatchOperation("/a/-", "b"))))
                .hasToString("[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":\"b\"}]");
    }
}
