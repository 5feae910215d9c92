// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes the JSON of a list as its bytes come, and gives its items out one by one. No more than one item is held, however long the
 * list is; an item is given out as bytes, so that one that matters to nobody never becomes a tree. Not for many threads.
 */
final class ListItems {

    /** Takes the bytes of one item, which are valid during the call only. */
    @FunctionalInterface
    interface Taker {
        void take(byte[] json, int length) throws IOException;
    }

    /** More than etcd takes of an object by far (1.5 MiB by default), so what is longer is no object. */
    static final int MAX_ITEM_BYTES = 8 << 20;

    /** What stands around the items: kind and metadata, or the Status of a refusal. */
    private static final int MAX_REST_BYTES = 1 << 20;

    private static final byte[] KEY = {'"', 'i', 't', 'e', 'm', 's', '"'};

    /** An item as deep as the list and its array. */
    private static final int ITEM_DEPTH = 2;

    private final Taker taker;
    private final Buffer rest = new Buffer(512, MAX_REST_BYTES);
    private final Buffer item = new Buffer(16 << 10, MAX_ITEM_BYTES);

    private int depth;
    private boolean inItems;
    private boolean hasItems;
    private boolean inString;
    private boolean escaped;

    private long bytes;
    private int count;

    ListItems(Taker taker) {
        this.taker = taker;
    }

    /** How many items were given out. */
    int count() {
        return count;
    }

    /** How many bytes came. */
    long bytes() {
        return bytes;
    }

    /** Whether there was an array of items. */
    boolean hasItems() {
        return hasItems;
    }

    /** Takes the next bytes. */
    void take(ByteBuffer buffer) throws IOException {
        bytes += buffer.remaining();
        while (buffer.hasRemaining()) {
            next(buffer.get());
        }
    }

    /** The list without its items, once all bytes came. */
    JsonNode rest(JsonMapper json) throws JacksonException {
        return json.readTree(rest.bytes, 0, rest.length);
    }

    private void next(byte letter) throws IOException {
        if (inString) {
            keep(letter);
            if (escaped) {
                escaped = false;
            } else if (letter == '\\') {
                escaped = true;
            } else if (letter == '"') {
                inString = false;
            }
            return;
        }
        switch (letter) {
            case '"' -> {
                inString = true;
                keep(letter);
            }
            case '{', '[' -> open(letter);
            case '}', ']' -> close(letter);
            default -> keep(letter);
        }
    }

    private void open(byte letter) throws IOException {
        if (letter == '[' && depth == 1 && rest.endsWithKey()) {
            inItems = true;
            hasItems = true;
        }
        keep(letter);
        depth++;
    }

    private void close(byte letter) throws IOException {
        depth--;
        if (inItems && depth < ITEM_DEPTH) {
            inItems = false;
        }
        keep(letter);
        if (inItems && depth == ITEM_DEPTH) {
            count++;
            taker.take(item.bytes, item.length);
            item.length = 0;
        }
    }

    /** Between two items only a comma and white space stand; anything else makes the rest no JSON, which is then told. */
    private void keep(byte letter) throws IOException {
        if (inItems && (depth > ITEM_DEPTH || (depth == ITEM_DEPTH && letter == '{'))) {
            item.add(letter);
        } else if (!inItems || depth != ITEM_DEPTH || !isBetween(letter)) {
            (item.length > 0 ? item : rest).add(letter);
        }
    }

    private static boolean isBetween(byte letter) {
        return letter == ',' || letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t';
    }

    /** Bytes that grow up to a bound. */
    private static final class Buffer {
        private final int most;
        private byte[] bytes;
        private int length;

        Buffer(int size, int most) {
            this.bytes = new byte[size];
            this.most = most;
        }

        void add(byte letter) throws IOException {
            if (length == bytes.length) {
                if (length >= most) {
                    throw new ReceivedBody.TooMuch(most);
                }
                bytes = Arrays.copyOf(bytes, Math.min(most, 2 * length));
            }
            bytes[length++] = letter;
        }

        boolean endsWithKey() {
            var end = length;
            while (end > 0 && (isBetween(bytes[end - 1]) || bytes[end - 1] == ':')) {
                end--;
            }
            return end >= KEY.length && Arrays.equals(bytes, end - KEY.length, end, KEY, 0, KEY.length);
        }
    }
}
