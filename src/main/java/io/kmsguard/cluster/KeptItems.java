// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Keeps what a function makes of each item of a list: never the item. Not for many threads.
 *
 * @param <T> what is kept
 */
final class KeptItems<T> implements ApiLists.Items {

    private final Wanted wanted;
    private final Function<JsonNode, Optional<T>> keep;
    private final List<T> kept = new ArrayList<>();

    /**
     * Keeps nothing yet.
     *
     * @param wanted which items are read at all
     * @param keep what to keep of an item, if anything; asked of it once more where the list begins again
     */
    KeptItems(Wanted wanted, Function<JsonNode, Optional<T>> keep) {
        this.wanted = wanted;
        this.keep = keep;
    }

    /** Tells by an object's JSON whether it is read at all; bytes behind {@code length} do not count. */
    @FunctionalInterface
    interface Wanted {
        boolean test(byte[] json, int length);
    }

    /** Every item is read. */
    static final Wanted ALL = (json, length) -> true;

    /** What was kept, once the list came to its end. */
    List<T> kept() {
        return List.copyOf(kept);
    }

    @Override
    public void begin() {
        kept.clear();
    }

    @Override
    public boolean wants(byte[] json, int length) {
        return wanted.test(json, length);
    }

    @Override
    public void take(JsonNode item) {
        keep.apply(item).ifPresent(kept::add);
    }
}
