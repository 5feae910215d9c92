// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a Secret holds.
 *
 * @param values the text by key as a container gets it; bytes that are no UTF-8 stand one for one as ISO-8859-1
 * @param malformed the keys of {@code data} whose value is not base64, which the API server would refuse
 */
public record SecretData(Map<String, KeyText> values, Set<String> malformed) {

    /** Reads {@code data} and {@code stringData}; of a key in both, the latter counts, as in the API server. */
    public static SecretData read(JsonNode secret) {
        var values = new LinkedHashMap<String, KeyText>();
        var malformed = new LinkedHashSet<String>();
        for (var entry : secret.path("data").properties()) {
            var text = entry.getValue().isString() ? decoded(entry.getValue().stringValue()) : Optional.<String>empty();
            text.ifPresentOrElse(
                    found -> values.put(entry.getKey(), KeyText.of(found)), () -> malformed.add(entry.getKey()));
        }
        for (var entry : secret.path("stringData").properties()) {
            if (entry.getValue().isString()) {
                values.put(entry.getKey(), KeyText.of(entry.getValue().stringValue()));
                malformed.remove(entry.getKey());
            }
        }
        return new SecretData(values, malformed);
    }

    /** The text under that key. */
    public Optional<KeyText> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /** All texts, for {@link Workload#completed} and nothing else. */
    public Map<String, String> reveal() {
        var texts = new LinkedHashMap<String, String>();
        values.forEach((key, value) -> texts.put(key, value.reveal()));
        return texts;
    }

    private static Optional<String> decoded(String base64) {
        byte[] bytes;
        try {
            // Go's decoder in the API server passes over line breaks, and over nothing else.
            var joined = base64.replace("\n", "").replace("\r", "");
            bytes = Base64.getDecoder().decode(joined.getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }
}
