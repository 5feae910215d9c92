// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The public keys of the last private ones, since several rules ask for the same and a derivation costs as much as the rest of a
 * rule's review. Keyed by a digest: no private key stays in memory.
 */
final class KeyMemory {

    /** A cluster has one or a few; an audit of many Secrets must not fill the heap. */
    private static final int REMEMBERED = 256;

    private final UnaryOperator<byte[]> derive;

    @SuppressWarnings("serial") // never serialized
    private final Map<ByteBuffer, byte[]> derived = new LinkedHashMap<>(REMEMBERED * 2, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, byte[]> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * Remembers nothing yet.
     *
     * @param derive makes the public key of a private one
     */
    KeyMemory(UnaryOperator<byte[]> derive) {
        this.derive = derive;
    }

    /** The public key of a private one; a copy. */
    byte[] derived(byte[] seed) {
        var digest = ByteBuffer.wrap(Digests.sha256(seed));
        synchronized (derived) {
            var known = derived.get(digest);
            if (known != null) {
                return known.clone();
            }
        }
        var key = derive.apply(seed);
        synchronized (derived) {
            derived.put(digest, key.clone());
        }
        return key;
    }
}
