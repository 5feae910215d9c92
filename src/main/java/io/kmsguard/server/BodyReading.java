// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * One body on its way: no thread waits for it. It ends in exactly one of two ways, whole or refused, and its room is given back
 * by whoever gets the whole body.
 */
final class BodyReading implements BodyRoom.Guest, Runnable {

    /** Of which an eighth is here, the rest is on its way: a promise alone takes no room. */
    private static final int EIGHTH = 8;

    private final Request request;
    private final long length;
    private final int limit;
    private final Outcome outcome;
    private final BodyRoom.Place place;
    private final Scheduler.Task end;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private byte[] bytes = {};
    private int size;

    /** What becomes of it: one of these, once. */
    interface Outcome {
        void whole(ReviewBody body);

        /** It is not wanted; what is left of it may be read. */
        void refused(Refusal refusal);

        /** It is not waited for any longer; it may be read by another thread at this moment, and by nobody else. */
        void abandoned(Refusal refusal);
    }

    /**
     * Does not read yet.
     *
     * @param limit bytes of the longest body
     * @param nanoseconds the time that it has
     */
    BodyReading(Request request, int limit, BodyRoom room, Scheduler scheduler, long nanoseconds, Outcome outcome) {
        this.request = request;
        this.length = request.getLength();
        this.limit = limit;
        this.outcome = outcome;
        this.place = room.enter(this);
        this.end = scheduler.schedule(() -> abandon(Refusal.BODY_LATE), Math.max(1, nanoseconds), TimeUnit.NANOSECONDS);
    }

    @Override
    public String caller() {
        return Request.getRemoteAddr(request);
    }

    @Override
    public void giveWay() {
        abandon(Refusal.BODY_SLOW);
    }

    /** Reads what is there, and comes back when there is more. */
    @Override
    public void run() {
        if (length >= BodyRoom.LARGE && size == 0 && !place.grow(this, (int) length)) {
            refuse(Refusal.MANY_LARGE);
        }
        while (!isOver.get()) {
            var chunk = request.read();
            if (chunk == null) {
                request.demand(this);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                abandon(Refusal.BODY_INCOMPLETE);
                return;
            }
            var isLast = chunk.isLast();
            try {
                take(chunk.getByteBuffer());
            } finally {
                chunk.release();
            }
            if (isLast) {
                last();
            }
        }
    }

    private void take(ByteBuffer more) {
        var wanted = size + more.remaining();
        if (wanted > limit) {
            refuse(Refusal.tooLong(limit));
            return;
        }
        if (wanted > bytes.length) {
            var room = room(wanted);
            if (!place.grow(this, room)) {
                refuse(room >= BodyRoom.LARGE ? Refusal.MANY_LARGE : Refusal.BUSY);
                return;
            }
            bytes = Arrays.copyOf(bytes, room);
        }
        more.get(bytes, size, more.remaining());
        size = wanted;
    }

    private int room(int wanted) {
        var most = length < 0 ? limit : length;
        return (int)
                (length >= 0 && wanted >= length / EIGHTH
                        ? length
                        : Math.min(most, Math.max(wanted, 2L * bytes.length)));
    }

    private void last() {
        if (length >= 0 && size < length) {
            refuse(Refusal.BODY_INCOMPLETE);
        } else if (isOver.compareAndSet(false, true)) {
            end.cancel();
            place.complete(this);
            outcome.whole(
                    new ReviewBody(size == bytes.length ? bytes : Arrays.copyOf(bytes, size), () -> place.leave(this)));
        }
    }

    private void refuse(Refusal refusal) {
        if (isOver()) {
            outcome.refused(refusal);
        }
    }

    private void abandon(Refusal refusal) {
        if (isOver()) {
            outcome.abandoned(refusal);
        }
    }

    private boolean isOver() {
        if (!isOver.compareAndSet(false, true)) {
            return false;
        }
        end.cancel();
        place.leave(this);
        return true;
    }
}
