// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.splice.CometBftNode.KeySource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HoconMemoryTest {

    private static final HoconMemory.Input INPUT = new HoconMemory.Input("digest", Set.of(), CantonLine.V3_5);

    private final HoconMemory memory = new HoconMemory();

    private static ConfigReading reading(KeySource key, Set<String> substituted) {
        var block = new CometBftBlock("", "current", Optional.empty(), true, key, key, false);
        return new ConfigReading(
                Optional.empty(),
                true,
                Set.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(block),
                List.of(),
                substituted,
                List.of(),
                List.of(),
                List.of());
    }

    @Test
    void remembers_a_reading_by_all_that_it_depends_on() {
        var reading = reading(new KeySource.Env("X"), Set.of());
        memory.put(INPUT, reading);
        assertThat(memory.reading(INPUT)).contains(reading);
        assertThat(memory.reading(new HoconMemory.Input("digest", Set.of("X"), CantonLine.V3_5)))
                .isEmpty();
        assertThat(memory.reading(new HoconMemory.Input("digest", Set.of(), CantonLine.V3_4)))
                .isEmpty();
    }

    @Test
    void remembers_no_key_and_no_env_value() {
        memory.put(INPUT, reading(new KeySource.Inline(KeyText.of("k")), Set.of()));
        memory.put(INPUT, reading(new KeySource.Missing(), Set.of("REGION")));
        assertThat(memory.reading(INPUT)).isEmpty();
    }

    @Test
    void forgets_what_was_used_longest_ago() {
        memory.put(INPUT, reading(new KeySource.Missing(), Set.of()));
        for (var i = 0; i < 200; i++) {
            memory.put(
                    new HoconMemory.Input("d" + i, Set.of(), CantonLine.V3_5),
                    reading(new KeySource.Missing(), Set.of()));
        }
        assertThat(memory.reading(INPUT)).isEmpty();
        assertThat(memory.reading(new HoconMemory.Input("d199", Set.of(), CantonLine.V3_5)))
                .isPresent();
    }
}
