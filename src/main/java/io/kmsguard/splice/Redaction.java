// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells what may be shown of a configuration. In doubt it is hidden: a value may be a password wherever it stands. */
final class Redaction {

    static final String HIDDEN = "<hidden>";

    private static final List<String> WORDS = List.of(
            "password",
            "passwd",
            "passphrase",
            "pwd",
            "secret",
            "token",
            "privatekey",
            "credential",
            "accesskey",
            "apikey",
            "hmac");

    private static final Set<String> EXACT = Set.of("pin", "pass", "seed");

    /** Holds no key but says where keys are. */
    private static final String NO_SECRET = "private-key-store";

    /** Where a KMS driver of somebody else's takes its own settings from; nobody knows which are secret. */
    private static final String DRIVER = "kms.config.";

    private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+/_=-]{40,}");
    private static final Pattern PLAIN_WORDS =
            Pattern.compile("[/_=-]*[a-z0-9]{1,20}(?:[/_=-]+[a-z0-9]{1,20})*[/_=-]*");
    private static final Pattern ASSIGNED =
            Pattern.compile("(?i)(password|passwd|pwd|secret|token|private.?key|api.?key)\\S{0,20}[=:]|://[^/@\\s]*@");
    private static final Pattern NAME = Pattern.compile("[^\"\\\\\\p{Cntrl}\\u2028\\u2029]{1,40}");

    private Redaction() {}

    /** Whether a value at that place is not to be shown, whatever it is. */
    static boolean hidesPlace(List<String> path) {
        return (String.join(".", path) + ".").contains(DRIVER) || path.stream().anyMatch(Redaction::hidesName);
    }

    /** Whether a key or an env var of that name holds what is not to be shown. */
    static boolean hidesName(String name) {
        var word = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return !name.equals(NO_SECRET)
                && (EXACT.contains(word) || WORDS.stream().anyMatch(word::contains));
    }

    /** Whether a text looks like a key, or holds a password among other things. */
    static boolean hidesText(String text) {
        return ASSIGNED.matcher(text).find()
                || RUN.matcher(text)
                        .results()
                        .anyMatch(run -> !PLAIN_WORDS.matcher(run.group()).matches());
    }

    /** A key as it is shown: one that is no name may be a secret at a wrong place. */
    static String key(String key) {
        return NAME.matcher(key).matches() && !hidesText(key) ? key : HIDDEN;
    }
}
