// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyRoomTest {

    private static final int NEARLY_LARGE = BodyRoom.LARGE - 1;

    private final BodyRoom room = new BodyRoom();
    private final List<String> gone = new ArrayList<>();

    private final class Sender implements BodyRoom.Guest {
        private final String name;
        private final String caller;
        private final BodyRoom.Place place;

        Sender(String name, String caller) {
            this.name = name;
            this.caller = caller;
            this.place = room.place(this);
            room.enter(place);
        }

        @Override
        public String caller() {
            return caller;
        }

        @Override
        public void giveWay() {
            gone.add(name);
        }

        boolean grow(int bytes) {
            return place.grow(bytes);
        }
    }

    private List<Sender> senders(int count, int bytes) {
        var senders = new ArrayList<Sender>();
        for (var i = 0; i < count; i++) {
            var sender = new Sender("s" + i, "10.0.0." + i);
            assertThat(sender.grow(bytes)).isTrue();
            senders.add(sender);
        }
        return senders;
    }

    @Test
    void where_the_room_ends_what_came_first_gives_way() {
        var senders = senders((int) (BodyRoom.BYTES / NEARLY_LARGE), NEARLY_LARGE);
        assertThat(gone).isEmpty();

        assertThat(new Sender("next", "10.0.0.2").grow(2 * 1024)).isTrue();

        assertThat(gone).containsExactly("s0");
        assertThat(senders.get(0).grow(NEARLY_LARGE + 1)).isFalse();
    }

    @Test
    void what_is_whole_keeps_its_room_until_it_is_judged() {
        var senders = senders((int) (BodyRoom.BYTES / NEARLY_LARGE), NEARLY_LARGE);
        senders.forEach(sender -> sender.place.complete());
        var next = new Sender("next", "10.0.0.2");

        assertThat(next.grow(NEARLY_LARGE)).isFalse();

        senders.get(3).place.leave();
        senders.get(3).place.leave();
        assertThat(next.grow(NEARLY_LARGE)).isTrue();
        assertThat(gone).isEmpty();
        assertThat(new Sender("another", "10.0.0.2").grow(NEARLY_LARGE)).isTrue();
        assertThat(gone).containsExactly("next");
    }

    @Test
    void a_caller_takes_from_itself() {
        new Sender("other", "10.0.0.1");
        for (var i = 0; i < BodyRoom.OF_ONE_CALLER + 2; i++) {
            new Sender("s" + i, "10.0.0.2");
        }
        assertThat(gone).containsExactly("s0", "s1");
    }

    @Test
    void no_more_than_so_many_arrive() {
        for (var i = 0; i <= BodyRoom.ARRIVING; i++) {
            new Sender("s" + i, "10.0." + i % 100 + "." + i);
        }
        assertThat(gone).containsExactly("s0");
        assertThat(room.arriving()).isEqualTo(BodyRoom.ARRIVING);
    }

    @Test
    void large_ones_have_a_room_of_their_own() {
        var one = new Sender("one", "10.0.0.1");
        var two = new Sender("two", "10.0.0.2");
        assertThat(one.grow(BodyRoom.LARGE)).isTrue();
        assertThat(two.grow(NEARLY_LARGE)).isTrue();
        assertThat(two.grow(7 * BodyRoom.LARGE)).isTrue();
        assertThat(one.grow(2 * BodyRoom.LARGE)).isTrue();
        assertThat(new Sender("three", "10.0.0.3").grow(BodyRoom.LARGE)).isFalse();

        two.place.leave();

        assertThat(new Sender("four", "10.0.0.4").grow(BodyRoom.LARGE)).isTrue();
        assertThat(gone).isEmpty();
    }
}
