// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads what a Secret holds: {@code data} in base64, {@code stringData} as it is; of a key in both, the latter counts, as
 * in the API server. Bytes that are no UTF-8 stand one for one as ISO-8859-1.
 */
public final class SecretData {

    private SecretData() {}

    /**
     * The texts by key. What is not base64 under {@code data}, which the API server refuses, is there as a text that
     * {@link KeyPair} diagnoses as such.
     */
    public static Map<String, KeyText> read(JsonNode secret) {
        var read = new LinkedHashMap<String, KeyText>();
        for (var entry : secret.path("data").properties()) {
            read.put(entry.getKey(), decoded(entry.getValue()).map(KeyText::of).orElseGet(KeyText::refused));
        }
        for (var entry : secret.path("stringData").properties()) {
            if (entry.getValue().isString()) {
                read.put(entry.getKey(), KeyText.of(entry.getValue().stringValue()));
            }
        }
        return read;
    }

    /** The same for {@link Workload#completed}, without what is not base64. */
    public static Map<String, String> texts(JsonNode secret) {
        var texts = new LinkedHashMap<String, String>();
        read(secret).forEach((key, text) -> {
            if (!text.isRefused()) {
                texts.put(key, text.reveal());
            }
        });
        return texts;
    }

    private static Optional<String> decoded(JsonNode value) {
        if (!value.isString()) {
            return Optional.empty();
        }
        // Go's decoder in the API server passes over line breaks, and over nothing else.
        var base64 = value.stringValue().replace("\n", "").replace("\r", "");
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64.getBytes(StandardCharsets.UTF_8));
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
