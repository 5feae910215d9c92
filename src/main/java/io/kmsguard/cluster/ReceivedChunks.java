// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.kmsguard.admission.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Hands an answer's bytes to the thread that asked. The next ones are asked for once the last were taken, so a connection that is
 * faster than its reader fills no memory.
 */
final class ReceivedChunks {
    private static final List<ByteBuffer> END = List.of();
    private static final int PACKED = 8 << 10;
    private static final int UNPACKED = 16 << 10;

    private final BlockingQueue<List<ByteBuffer>> queue = new LinkedBlockingQueue<>();

    /** Called by the connection's threads, one after another. */
    void put(List<ByteBuffer> buffers, AsyncBody body) {
        if (buffers.isEmpty()) {
            body.consume();
        } else {
            queue.add(buffers);
        }
    }

    void drain(HttpResponse<AsyncBody> from, ReceivedBody to, Deadline deadline)
            throws InterruptedException, TimeoutException, ExecutionException, IOException {
        var received = new Received(from.body(), deadline);
        if ("gzip".equals(from.header("Content-Encoding"))) {
            unpack(received, to);
        } else {
            for (var buffer = received.next(); buffer != null; buffer = received.next()) {
                to.take(buffer);
            }
        }
    }

    private static void unpack(Received received, ReceivedBody to) throws IOException {
        var packed = new InputStream() {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return received.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return received.read(into, offset, length);
            }
        };
        try (var unpacked = new GZIPInputStream(packed, PACKED)) {
            var block = new byte[UNPACKED];
            for (var read = unpacked.read(block); read >= 0; read = unpacked.read(block)) {
                to.take(ByteBuffer.wrap(block, 0, read));
            }
        }
    }

    /** What came of one answer, in this thread. */
    private final class Received {

        private final AsyncBody body;
        private final Deadline deadline;
        private final ArrayDeque<ByteBuffer> buffers = new ArrayDeque<>();
        private boolean ended;

        Received(AsyncBody body, Deadline deadline) {
            this.body = body;
            this.deadline = deadline;
            var unused = body.done().whenComplete((done, failure) -> queue.add(END));
        }

        /** Null at the end. */
        @Nullable
        ByteBuffer next() throws InterruptedException, TimeoutException, ExecutionException {
            while (buffers.isEmpty() && !ended) {
                body.consume();
                var more = queue.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
                if (more == null) {
                    throw new TimeoutException();
                }
                buffers.addAll(more);
                if (more.isEmpty()) {
                    ended = true;
                    body.done().get();
                }
            }
            return buffers.poll();
        }

        int read(byte[] into, int offset, int length) throws IOException {
            ByteBuffer buffer;
            do {
                buffer = nextOrTrouble();
                if (buffer == null) {
                    return -1;
                }
            } while (!buffer.hasRemaining());
            var count = Math.min(length, buffer.remaining());
            buffer.get(into, offset, count);
            if (buffer.hasRemaining()) {
                buffers.addFirst(buffer);
            }
            return count;
        }

        private @Nullable ByteBuffer nextOrTrouble() throws IOException {
            try {
                return next();
            } catch (TimeoutException | ExecutionException trouble) {
                throw new IOException(trouble);
            } catch (InterruptedException stopping) {
                throw (IOException) new InterruptedIOException().initCause(stopping);
            }
        }
    }
}
