// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The room that bodies have together, from their first byte until they are judged. Where it ends, the body that has been arriving
 * for the longest gives way: an honest one is here within milliseconds, so slow senders only take the room from each other.
 */
final class BodyRoom {

    /** Bytes from which a body is large. etcd takes objects up to 1.5 MiB; a real review has some ten thousand bytes. */
    static final int LARGE = 1024 * 1024;

    /** Large bodies at one time; with the limit of one, that is what they may take of the heap. */
    static final int LARGE_ONES = 2;

    /** Bytes of all other bodies together, those that wait to be judged included. */
    static final long BYTES = 16L * LARGE;

    /**
     * Bodies that arrive at one time. Many: to hold a slow one costs its bytes, and to end it a handshake when it comes again.
     */
    static final int ARRIVING = 1_000;

    /** Those of one address: no caller takes the room of all. */
    static final int OF_ONE_CALLER = 500;

    private final Map<Guest, Place> arriving = new LinkedHashMap<>();
    private long bytes;
    private int large;

    /** Who takes room. */
    interface Guest {
        /** The address that it comes from. */
        String caller();

        /** Its room was given to another one; not called by a thread that holds the room. */
        void giveWay();
    }

    /** What a body takes. */
    final class Place {
        private final Guest guest;
        private int size;
        private boolean isLarge;
        private boolean isOver;

        private Place(Guest guest) {
            this.guest = guest;
        }

        /** Makes room for so many bytes in all; false where there is none. */
        boolean grow(int wanted) {
            List<Guest> losers;
            boolean fits;
            synchronized (BodyRoom.this) {
                losers = new ArrayList<>();
                fits = !isOver && (wanted >= LARGE ? growLarge() : makeRoom(guest, wanted - size, losers));
                if (fits && !isLarge) {
                    bytes += wanted - size;
                    size = wanted;
                }
            }
            losers.forEach(Guest::giveWay);
            return fits;
        }

        private boolean growLarge() {
            if (!isLarge) {
                if (large == LARGE_ONES) {
                    return false;
                }
                large++;
                isLarge = true;
                bytes -= size;
                size = 0;
            }
            return true;
        }

        /** Nothing more arrives; what is held, stays held. */
        void complete() {
            synchronized (BodyRoom.this) {
                arriving.remove(guest);
            }
        }

        /** Gives back what is held; a second time nothing. */
        void leave() {
            synchronized (BodyRoom.this) {
                arriving.remove(guest);
                release();
            }
        }

        private void release() {
            if (!isOver) {
                isOver = true;
                bytes -= size;
                large -= isLarge ? 1 : 0;
            }
        }
    }

    /** For a body that is to arrive; it takes no room before {@link #enter}. */
    Place place(Guest guest) {
        return new Place(guest);
    }

    /** A body begins to arrive; from now on it may have to give way. */
    void enter(Place place) {
        Optional<Guest> loser;
        var guest = place.guest;
        synchronized (this) {
            var ofCaller = arriving.keySet().stream()
                    .filter(other -> other.caller().equals(guest.caller()))
                    .toList();
            loser = ofCaller.size() >= OF_ONE_CALLER
                    ? Optional.of(ofCaller.get(0))
                    : arriving.size() >= ARRIVING
                            ? Optional.of(arriving.keySet().iterator().next())
                            : Optional.empty();
            loser.ifPresent(this::remove);
            arriving.put(guest, place);
        }
        loser.ifPresent(Guest::giveWay);
    }

    private void remove(Guest guest) {
        var place = arriving.remove(guest);
        if (place != null) {
            place.release();
        }
    }

    /** Takes the oldest that arrive, but for the guest, until so many bytes are free. */
    private boolean makeRoom(Guest guest, int more, List<Guest> losers) {
        for (Iterator<Guest> all = List.copyOf(arriving.keySet()).iterator(); bytes + more > BYTES && all.hasNext(); ) {
            var other = all.next();
            if (!other.equals(guest)) {
                remove(other);
                losers.add(other);
            }
        }
        return bytes + more <= BYTES;
    }

    /** How many arrive. */
    synchronized int arriving() {
        return arriving.size();
    }
}
