// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.kmsguard.admission.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/**
 * Reads bodies in bounded memory and time. Not by Javalin's {@code bodyAsBytes()}: that holds its limit too, but copies a body
 * three times over, waits for a slow one as long as the connection may idle, and knows no bound on all bodies together.
 */
final class ReviewBody {

    /** Bytes from which a body is large. etcd takes objects up to 1.5 MiB; a real review has some ten thousand bytes. */
    static final int LARGE = 1024 * 1024;

    /** Large bodies at one time; with the limit of one, that is what bodies may take of the heap. */
    static final int LARGE_ONES = 2;

    private static final Duration LINGER = Duration.ofSeconds(5);

    private static final int FIRST_CHUNK = 16 * 1024;

    private final int limit;
    private final Semaphore large = new Semaphore(LARGE_ONES);

    ReviewBody(int limit) {
        this.limit = limit;
    }

    /** What came of reading. */
    sealed interface Reading {}

    /** The whole body; to be closed when its bytes are no longer needed. */
    static final class Whole implements Reading, AutoCloseable {
        private final byte[] bytes;
        private final Permit permit;

        private Whole(byte[] bytes, Permit permit) {
            this.bytes = bytes;
            this.permit = permit;
        }

        /** Not copied. */
        byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            permit.giveBack();
        }
    }

    /** No body. */
    record Refused(Refusal refusal) implements Reading {}

    /** The right to hold a large body, once it is one. */
    private final class Permit {
        private boolean held;

        boolean enoughFor(long size) {
            if (!held && size >= LARGE) {
                held = large.tryAcquire();
                return held;
            }
            return true;
        }

        void giveBack() {
            if (held) {
                large.release();
                held = false;
            }
        }
    }

    /**
     * Reads a body.
     *
     * @param length the Content-Length, or -1 where it comes in chunks
     * @param patience is told before each read how many milliseconds the connection may stay silent
     */
    Reading read(InputStream stream, long length, Deadline deadline, LongConsumer patience) {
        if (length > limit) {
            return new Refused(Refusal.tooLong(limit));
        }
        var permit = new Permit();
        Reading reading = new Refused(Refusal.BODY_INCOMPLETE);
        try {
            reading = fill(stream, length, deadline, patience, permit);
        } catch (IOException cut) {
            if (cut.getCause() instanceof TimeoutException) {
                reading = new Refused(Refusal.BODY_LATE);
            }
        } finally {
            if (reading instanceof Refused) {
                permit.giveBack();
            }
        }
        return reading;
    }

    /** Reads on what nobody wants, for some seconds at most. */
    void discard(InputStream stream, LongConsumer patience) throws IOException {
        var deadline = Deadline.in(LINGER);
        var bytes = new byte[FIRST_CHUNK];
        do {
            patience.accept(Math.max(1, deadline.remaining().toMillis()));
        } while (!deadline.hasPassed() && stream.read(bytes) >= 0);
    }

    private Reading fill(InputStream stream, long length, Deadline deadline, LongConsumer patience, Permit permit)
            throws IOException {
        if (!permit.enoughFor(length)) {
            return new Refused(Refusal.MANY_LARGE);
        }
        var bytes = new byte[length < 0 ? Math.min(FIRST_CHUNK, limit + 1) : (int) length];
        var size = 0;
        while (true) {
            if (size == bytes.length) {
                if (length >= 0) {
                    return new Whole(bytes, permit);
                }
                if (size > limit) {
                    return new Refused(Refusal.tooLong(limit));
                }
                if (!permit.enoughFor(2L * size)) {
                    return new Refused(Refusal.MANY_LARGE);
                }
                bytes = Arrays.copyOf(bytes, Math.min(2 * size, limit + 1));
            }
            if (deadline.hasPassed()) {
                return new Refused(Refusal.BODY_LATE);
            }
            patience.accept(Math.max(1, deadline.remaining().toMillis()));
            var read = stream.read(bytes, size, bytes.length - size);
            if (read < 0) {
                return length < 0
                        ? new Whole(Arrays.copyOf(bytes, size), permit)
                        : new Refused(Refusal.BODY_INCOMPLETE);
            }
            size += read;
        }
    }
}
