// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.KeyPairTexts;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The manifest of a governance key Secret, as kubectl takes it. */
final class SecretManifest {

    /** What YAML reads as a text without quotes, but for the words below. */
    private static final Pattern PLAIN = Pattern.compile("[a-zA-Z][a-zA-Z0-9]*([-._][a-zA-Z0-9]+)*");

    private static final Set<String> NO_TEXT = Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

    private SecretManifest() {}

    /**
     * The manifest as YAML.
     *
     * @param namespace empty for none
     */
    static String of(KeyPairTexts pair, SecretNames names, String namespace) {
        return """
                apiVersion: v1
                kind: Secret
                metadata:
                  name: %s
                %stype: Opaque
                data:
                  %s: %s
                  %s: %s
                """.formatted(
                        scalar(names.governance()),
                        namespace.isEmpty() ? "" : "  namespace: " + scalar(namespace) + "\n",
                        scalar(names.publicKey()),
                        base64(pair.publicKey()),
                        scalar(names.privateKey()),
                        base64(pair.revealPrivateKey()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Names need no escapes, but a namespace may be named 1 or on. */
    private static String scalar(String name) {
        return PLAIN.matcher(name).matches() && !NO_TEXT.contains(name.toLowerCase(Locale.ROOT))
                ? name
                : "\"" + name + "\"";
    }
}
