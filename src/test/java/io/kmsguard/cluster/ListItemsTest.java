// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ListItemsTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final List<String> items = new ArrayList<>();
    private final ListItems list =
            new ListItems((json, length) -> items.add(new String(json, 0, length, StandardCharsets.UTF_8)));

    private String rest(String text, int piece) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (var from = 0; from < bytes.length; from += piece) {
            list.take(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from)));
        }
        return list.rest(JSON).toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void gives_the_items_out_whatever_the_pieces_in_which_they_come(int piece) throws IOException {
        assertThat(rest(
                        "{\"kind\":\"DeploymentList\",\"metadata\":{\"continue\":\"x\"},\"items\":[{\"a\":\"}]{\\\"\"},\n {\"items\":[{\"b\":[]}]},{}]}",
                        piece))
                .isEqualTo("{\"kind\":\"DeploymentList\",\"metadata\":{\"continue\":\"x\"},\"items\":[]}");
        assertThat(items).containsExactly("{\"a\":\"}]{\\\"\"}", "{\"items\":[{\"b\":[]}]}", "{}");
        assertThat(list.count()).isEqualTo(3);
    }

    @Test
    void takes_what_comes_behind_the_items_and_white_space_between_all() throws IOException {
        assertThat(rest("{ \"items\" : [ { \"a\" : 1 } ] , \"metadata\" : { } }", 5))
                .isEqualTo("{\"items\":[],\"metadata\":{}}");
        assertThat(items).containsExactly("{ \"a\" : 1 }");
    }

    @Test
    void items_further_down_are_no_items() throws IOException {
        assertThat(rest("{\"metadata\":{\"items\":[{\"a\":1}]},\"other\":[{}],\"items\":null}", 9))
                .isEqualTo("{\"metadata\":{\"items\":[{\"a\":1}]},\"other\":[{}],\"items\":null}");
        assertThat(items).isEmpty();
    }

    @Test
    void an_item_longer_than_any_object_is_refused() throws IOException {
        list.take(ByteBuffer.wrap("{\"items\":[{\"a\":\"".getBytes(StandardCharsets.UTF_8)));
        var piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) 'x');
        assertThatThrownBy(() -> {
                    for (var i = 0; i <= ListItems.MAX_ITEM_BYTES >> 20; i++) {
                        list.take(ByteBuffer.wrap(piece));
                    }
                })
                .isInstanceOf(ReceivedBody.TooMuch.class);
    }
}
