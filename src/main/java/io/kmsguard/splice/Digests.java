// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests: of what is compared and never shown, and of what needs a short name. */
public final class Digests {

    private Digests() {}

    /** SHA-256 of a text in UTF-8, in hexadecimal digits. */
    public static String of(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    /** The 32 bytes of the SHA-256 of a text in UTF-8. */
    public static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The 32 bytes of the SHA-256. */
    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
