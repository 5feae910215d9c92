// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

public final class SecretData {

    private SecretData() {}

    public static Map<String, KeyText> read(JsonNode secret) {
        var read = new LinkedHashMap<String, KeyText>();
        texts(secret).forEach((k, v) -> read.put(k, KeyText.of(v)));
        return read;
    }

    public static Map<String, String> texts(JsonNode secret) {
        var read = new LinkedHashMap<String, String>();
        secret.path("data").properties().forEach(e -> {
            try {
                read.put(
                        e.getKey(),
                        new String(Base64.getDecoder().decode(e.getValue().asString("")), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException malformed) {
                read.put(e.getKey(), "");
            }
        });
        secret.path("stringData")
                .properties()
                .forEach(e -> read.put(e.getKey(), e.getValue().asString("")));
        return read;
    }
}
