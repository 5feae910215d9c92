// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyMemoryTest {

    private final List<Integer> asked = new ArrayList<>();
    private final KeyMemory memory = new KeyMemory(seed -> {
        asked.add((int) seed[0] + (seed[1] << 8));
        return new byte[] {seed[0], 7};
    });

    private byte[] derived(int seed) {
        return memory.derived(new byte[] {(byte) (seed & 0x7f), (byte) (seed >> 7)});
    }

    @Test
    void one_key_is_derived_once() {
        assertThat(derived(1)).containsExactly(1, 7);
        assertThat(derived(2)).containsExactly(2, 7);
        assertThat(derived(1)).containsExactly(1, 7);
        assertThat(asked).containsExactly(1, 2);
    }

    @Test
    void what_a_caller_does_to_its_key_stays_with_it() {
        derived(1)[0] = 99;
        derived(1)[0] = 98;

        assertThat(derived(1)).containsExactly(1, 7);
    }

    @Test
    void the_one_that_nobody_asked_for_longest_is_forgotten() {
        derived(0);
        for (var seed = 1; seed <= 255; seed++) {
            derived(seed);
        }
        derived(0);
        derived(256);
        assertThat(asked).hasSize(257);

        derived(0);
        assertThat(asked).hasSize(257);
        derived(1);
        assertThat(asked).hasSize(258);
    }
}
