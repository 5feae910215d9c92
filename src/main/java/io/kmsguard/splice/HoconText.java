// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

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
        return new HoconText(text, Digests.of(text), secret);
    }

    /** Not the text. */
    @Override
    public String toString() {
        return "HoconText[" + text.length() + " characters]";
    }
}
