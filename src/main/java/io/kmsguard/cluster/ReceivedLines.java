// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Cuts a stream of bytes into lines of JSON. One thread after another writes. */
final class ReceivedLines {

    /** Several times what etcd takes of one object. */
    private static final int MAX_BYTES = 8 << 20;

    private final JsonMapper json;
    private final ApiReads.Lines lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    ReceivedLines(JsonMapper json, ApiReads.Lines lines) {
        this.json = json;
        this.lines = lines;
    }

    void take(List<ByteBuffer> buffers, AsyncBody body) throws IOException {
        for (var buffer : buffers) {
            while (buffer.hasRemaining()) {
                var next = buffer.get();
                if (next == '\n') {
                    end();
                } else {
                    line.write(next);
                }
            }
            if (line.size() > MAX_BYTES) {
                throw new IOException("a line of a watch is longer than any object");
            }
        }
        body.consume();
    }

    private void end() throws IOException {
        if (line.size() > 0) {
            var bytes = line.toByteArray();
            line.reset();
            try {
                lines.take(json.readTree(bytes));
            } catch (JacksonException garbage) {
                // Its message quotes the text.
                throw new IOException("a line of a watch is no JSON");
            }
        }
    }
}
