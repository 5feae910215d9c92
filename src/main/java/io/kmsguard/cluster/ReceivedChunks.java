// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.kmsguard.admission.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Hands an answer's bytes to the thread that asked. The next ones are asked for once the last were taken, so a connection that is
 * faster than its reader fills no memory.
 */
final class ReceivedChunks {
    private static final List<ByteBuffer> END = List.of();

    private final BlockingQueue<List<ByteBuffer>> queue = new LinkedBlockingQueue<>();

    /** Called by the connection's threads, one after another. */
    void put(List<ByteBuffer> buffers, AsyncBody body) {
        if (buffers.isEmpty()) {
            body.consume();
        } else {
            queue.add(buffers);
        }
    }

    void drain(AsyncBody from, ReceivedBody to, Deadline deadline)
            throws InterruptedException, TimeoutException, ExecutionException, IOException {
        var unused = from.done().whenComplete((done, failure) -> queue.add(END));
        from.consume();
        while (true) {
            var buffers = queue.poll(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            if (buffers == null) {
                throw new TimeoutException();
            }
            if (buffers.isEmpty()) {
                from.done().get();
                return;
            }
            for (var buffer : buffers) {
                to.take(buffer);
            }
            from.consume();
        }
    }
}
