// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/**
 * A fresh governance key pair: none is in the repository.
 *
 * @param publicKey the base64 text of its 32 bytes
 * @param privateKey the base64 text of the seed
 */
public record Keys(String publicKey, String privateKey) {

    public static Keys generate() {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            var encoded = pair.getPublic().getEncoded();
            return new Keys(base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)), base64(seed));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The pair of a seed of 32 zero bytes, which the whole world knows. */
    public static Keys ofZeroSeed() {
        var seed = new byte[32];
        var derived = new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey();
        return new Keys(base64(derived.getEncoded()), base64(seed));
    }

    /** As the chart reads it. */
    public Map<String, String> texts() {
        return Map.of("public", publicKey, "private", privateKey);
    }

    /** The private key in every form that a leak could have. */
    public List<String> privateForms() {
        var seed = Base64.getDecoder().decode(privateKey);
        var urlSafe = Base64.getUrlEncoder().withoutPadding().encodeToString(seed);
        return List.of(
                privateKey,
                privateKey.replace("=", ""),
                new String(seed, StandardCharsets.ISO_8859_1),
                twice(privateKey),
                twice(twice(privateKey)),
                HexFormat.of().formatHex(seed),
                HexFormat.of().withUpperCase().formatHex(seed),
                urlSafe,
                Base64.getUrlEncoder().encodeToString(seed),
                twice(urlSafe));
    }

    /** The base64 of a base64 text, as {@code data} of a Secret holds it. */
    public static String twice(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
