// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import io.kmsguard.splice.KeyDefect.Half;
import io.kmsguard.splice.KeyDefect.Kind;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/**
 * The two halves of a CometBFT governance key, each as the SV app gets its text (after Kubernetes' own decoding): the
 * base64 of 32 raw Ed25519 bytes, the private half being the seed. The SV app decodes with {@code Base64.getDecoder},
 * which refuses line breaks and the URL-safe alphabet, and signs with Tink's {@code Ed25519Sign}, which wants 32 bytes
 * (CometBftRequestSigner.scala).
 */
public final class KeyPair {

    private static final KeyMemory DERIVED = new KeyMemory(
            seed -> new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded());

    private KeyPair() {}

    /**
     * What is wrong with the pair; empty where the SV app can use it. A half that is not there is no defect of its text
     * and is passed over.
     */
    public static List<KeyDefect> diagnose(Optional<KeyText> publicKey, Optional<KeyText> privateKey) {
        var publicHalf = publicKey.map(text -> KeyHalf.read(Half.PUBLIC, text));
        var privateHalf = privateKey.map(text -> KeyHalf.read(Half.PRIVATE, text));
        var defects = new ArrayList<KeyDefect>();
        publicHalf.flatMap(KeyHalf::defect).ifPresent(defects::add);
        privateHalf.flatMap(KeyHalf::defect).ifPresent(defects::add);
        var publicBytes = publicHalf.flatMap(KeyHalf::bytes);
        privateHalf
                .flatMap(KeyHalf::bytes)
                .ifPresent(
                        seed -> publicBytes.flatMap(key -> together(key, seed)).ifPresent(defects::add));
        return List.copyOf(defects);
    }

    /** What is wrong with one half on its own. */
    public static Optional<KeyDefect> diagnoseHalf(Half half, KeyText text) {
        return KeyHalf.read(half, text).defect();
    }

    /**
     * What tells a pair from others without telling the pair: the SHA-256 of the raw public key, in hexadecimal. The
     * private half derives it where there is one, else the public half gives it; empty where neither is a key.
     */
    public static Optional<String> fingerprint(Optional<KeyText> publicKey, Optional<KeyText> privateKey) {
        return privateKey
                .flatMap(text -> KeyHalf.read(Half.PRIVATE, text).bytes())
                .map(DERIVED::derived)
                .or(() -> publicKey.flatMap(
                        text -> KeyHalf.read(Half.PUBLIC, text).bytes()))
                .map(key -> HexFormat.of().formatHex(Digests.sha256(key)));
    }

    private static Optional<KeyDefect> together(byte[] publicKey, byte[] seed) {
        if (MessageDigest.isEqual(publicKey, seed)) {
            return defect(
                    Kind.SAME_TEXT,
                    "holds the same text as the public half",
                    "put the public key under the one name and the private key under the other");
        }
        if (MessageDigest.isEqual(DERIVED.derived(seed), publicKey)) {
            return Optional.empty();
        }
        if (MessageDigest.isEqual(DERIVED.derived(publicKey), seed)) {
            return defect(
                    Kind.SWAPPED,
                    "is swapped with the public half",
                    "exchange the two; make a new pair if anybody could read the public half");
        }
        return defect(
                Kind.MISMATCH,
                "does not derive the public half: the two are of different pairs",
                "take both halves from one key file");
    }

    private static Optional<KeyDefect> defect(Kind kind, String text, String remedy) {
        return Optional.of(new KeyDefect(Half.PRIVATE, kind, text, remedy));
    }
}
