// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The text of a key as its reader gets it. It prints as nothing but the fact that it is one. */
public final class KeyText {

    /** What a reference begins with that bank-vaults resolves. */
    static final String VAULT = "vault:";

    private final String text;

    private final boolean refused;

    private KeyText(String text, boolean refused) {
        this.text = text;
        this.refused = refused;
    }

    public static KeyText of(String text) {
        return new KeyText(text, false);
    }

    /** What stands under {@code data} of a Secret and is not base64. */
    static KeyText refused() {
        return new KeyText("", true);
    }

    boolean isRefused() {
        return refused;
    }

    /** The text itself: for diagnosis and comparison only, never for a message. */
    String reveal() {
        return text;
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** Whether it is a reference that the bank-vaults webhook resolves in the pod ({@code vault:path#field}). */
    public boolean isVaultReference() {
        return text.startsWith(VAULT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyText key
                && refused == key.refused
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), key.text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "KeyText[hidden]";
    }
}
