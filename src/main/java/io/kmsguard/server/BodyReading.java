// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
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
    private final String caller;
    private final long length;
    private final int limit;
    private final Outcome outcome;
    private final BodyRoom.Place place;
    private final BodyRoom room;
    private final Scheduler scheduler;
    private final long nanoseconds;
    private final AtomicReference<Scheduler.Task> end = new AtomicReference<>();
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
        this.caller = Request.getRemoteAddr(request);
        this.length = request.getLength();
        this.limit = limit;
        this.outcome = outcome;
        this.room = room;
        this.scheduler = scheduler;
        this.nanoseconds = nanoseconds;
        this.place = room.place(this);
    }

    /** Begins to read. Not in the constructor: others may end it from here on. */
    void start() {
        room.enter(place);
        end.set(scheduler.schedule(() -> abandon(Refusal.BODY_LATE), Math.max(1, nanoseconds), TimeUnit.NANOSECONDS));
        run();
    }

    private void cancelEnd() {
        // Where it fires at once, it is over before it is known here, and there is nothing to cancel.
        var task = end.get();
        if (task != null) {
            task.cancel();
        }
    }

    @Override
    public String caller() {
        return caller;
    }

    @Override
    public void giveWay() {
        abandon(Refusal.BODY_SLOW);
    }

    /** Reads what is there, and comes back when there is more. */
    @Override
    public void run() {
        if (length >= BodyRoom.LARGE && size == 0 && !place.grow((int) length)) {
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
            var capacity = room(wanted);
            if (!place.grow(capacity)) {
                refuse(capacity >= BodyRoom.LARGE ? Refusal.MANY_LARGE : Refusal.BUSY);
                return;
            }
            bytes = Arrays.copyOf(bytes, capacity);
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
            cancelEnd();
            place.complete();
            outcome.whole(new ReviewBody(size == bytes.length ? bytes : Arrays.copyOf(bytes, size), place::leave));
        }
    }

    private void refuse(Refusal refusal) {
        if (ends()) {
            outcome.refused(refusal);
        }
    }

    private void abandon(Refusal refusal) {
        if (ends()) {
            outcome.abandoned(refusal);
        }
    }

    /** Whether it ends now; it does so once. */
    private boolean ends() {
        if (!isOver.compareAndSet(false, true)) {
            return false;
        }
        cancelEnd();
        place.leave();
        return true;
    }
}
