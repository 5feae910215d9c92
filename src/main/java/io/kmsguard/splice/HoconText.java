// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The text that the image's entrypoint makes of several env vars.
 *
 * @param digest tells two texts apart without keeping either
 * @param secret whether part of it comes from a Secret or ConfigMap, so that nothing of it may be remembered
 */
record HoconText(String text, String digest, boolean secret) {

    /** @param variables in order, each with a known text */
    static HoconText of(List<EnvVar> variables) {
        var joined = new StringBuilder(2_048);
        var secret = false;
        for (var variable : variables) {
            joined.append(variable.value().text().orElse("")).append('\n');
            secret |= !(variable.value() instanceof EnvValue.Literal);
        }
        var text = joined.toString();
        return new HoconText(text, digest(text), secret);
    }

    private static String digest(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Not the text. */
    @Override
    public String toString() {
        return "HoconText[" + text.length() + " characters]";
    }
}
