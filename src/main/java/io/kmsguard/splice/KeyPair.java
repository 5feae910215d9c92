// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.List;
import java.util.Optional;

public final class KeyPair {
    private KeyPair() {}

    public static List<KeyDefect> diagnose(Optional<KeyText> publicKey, Optional<KeyText> privateKey) {
        return List.of();
    }
}
