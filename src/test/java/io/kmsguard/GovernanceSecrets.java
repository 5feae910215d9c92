// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The governance Secret as operators have it. Keys are made here and now: none is in the repository. */
enum GovernanceSecrets {
    /** A pair under the names that the chart reads. */
    GOOD,
    /** None. */
    ABSENT,
    /** By the guide's commands to the letter: wrong names, and what jq prints for a field that is not there. */
    GUIDE;

    private static final JsonMapper JSON = new JsonMapper();

    Optional<JsonNode> object(String namespace) {
        if (this == ABSENT) {
            return Optional.empty();
        }
        var texts = this == GUIDE ? Map.of("publicKey", "null", "privateKey", "null") : pair();
        var secret = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata")
                .put("name", "splice-app-sv-cometbft-governance-key")
                .put("namespace", namespace);
        var data = secret.putObject("data");
        texts.forEach((key, text) -> data.put(
                key, Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        return Optional.of(secret);
    }

    /** A fresh key pair, each half as base64 text of its 32 bytes. */
    static Map<String, String> pair() {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            var encoded = pair.getPublic().getEncoded();
            var point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            return Map.of(
                    "public", Base64.getEncoder().encodeToString(point),
                    "private", Base64.getEncoder().encodeToString(seed));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
