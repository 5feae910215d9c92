// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes the bytes of an answer, and reads them once all came. Not for many threads. */
interface ReceivedBody {

    void take(ByteBuffer buffer) throws IOException;

    JsonNode read() throws JacksonException;

    /** More bytes than are held. */
    final class TooMuch extends IOException {
        private final int most;

        TooMuch(int most) {
            this.most = most;
        }

        /** How many bytes are held. */
        int most() {
            return most;
        }
    }

    /** What came is no JSON; without the text, which may be a Secret's. */
    final class NoJson extends IOException {}

    /** There is too little memory to read it now. */
    final class NoRoom extends IOException {}

    /** Holds the whole of an answer. */
    final class Whole implements ReceivedBody {

        /** More than etcd takes of an object by far (1.5 MiB by default); the lists that are asked for whole are short. */
        private static final int MAX_BYTES = ListItems.MAX_ITEM_BYTES;

        private final JsonMapper json;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Whole(JsonMapper json) {
            this.json = json;
        }

        @Override
        public void take(ByteBuffer buffer) throws IOException {
            if (bytes.size() + buffer.remaining() > MAX_BYTES) {
                throw new TooMuch(MAX_BYTES);
            }
            var chunk = new byte[buffer.remaining()];
            buffer.get(chunk);
            bytes.write(chunk);
        }

        @Override
        public JsonNode read() throws JacksonException {
            return json.readTree(bytes.toByteArray());
        }
    }
}
