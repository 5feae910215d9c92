// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The last readings, because the old and the new object of a review, and the next review, mostly say the same. Keyed by
 * a digest, and with no env value in it: neither a text nor a password stays in memory.
 */
final class HoconMemory {

    static final int MAX_CHARACTERS = 16_384;
    private static final int REMEMBERED = 128;

    private final Map<String, HoconLimits> limits = lastUsed();
    private final Map<Input, ConfigReading> readings = lastUsed();

    /**
     * All that a reading without env values depends on.
     *
     * @param digest of the text
     * @param present which of the names that it substitutes are env vars
     */
    record Input(String digest, Set<String> present, CantonLine line) {}

    synchronized Optional<HoconLimits> limits(String digest) {
        return Optional.ofNullable(limits.get(digest));
    }

    synchronized void put(String digest, HoconLimits found) {
        limits.put(digest, found);
    }

    synchronized Optional<ConfigReading> reading(Input input) {
        return Optional.ofNullable(readings.get(input));
    }

    /** Remembers a reading, unless env values or keys are part of it. */
    synchronized void put(Input input, ConfigReading reading) {
        var inline = reading.blocks().stream().anyMatch(HoconMemory::holdsKey);
        if (reading.substituted().isEmpty() && !inline) {
            readings.put(input, reading);
        }
    }

    private static boolean holdsKey(CometBftBlock block) {
        return block.publicKey() instanceof CometBftNode.KeySource.Inline
                || block.privateKey() instanceof CometBftNode.KeySource.Inline;
    }

    @SuppressWarnings("serial") // never serialized
    private static <K, V> Map<K, V> lastUsed() {
        return new LinkedHashMap<>(REMEMBERED * 2, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
