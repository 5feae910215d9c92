// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import io.kmsguard.splice.KeyDefect.Half;
import io.kmsguard.splice.KeyDefect.Kind;
import java.security.MessageDigest;
import java.util.ArrayList;
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

    private KeyPair() {}

    /** What is wrong with the pair; empty where the SV app can use it. */
    public static List<KeyDefect> diagnose(KeyText publicKey, KeyText privateKey) {
        var publicHalf = KeyHalf.read(Half.PUBLIC, publicKey);
        var privateHalf = KeyHalf.read(Half.PRIVATE, privateKey);
        var defects = new ArrayList<KeyDefect>();
        publicHalf.defect().ifPresent(defects::add);
        privateHalf.defect().ifPresent(defects::add);
        if (publicHalf.bytes().isPresent() && privateHalf.bytes().isPresent()) {
            together(publicHalf.bytes().get(), privateHalf.bytes().get()).ifPresent(defects::add);
        }
        return List.copyOf(defects);
    }

    /** What is wrong with one half on its own; {@link Half#BOTH} is not one. */
    public static Optional<KeyDefect> diagnoseHalf(Half half, KeyText text) {
        return KeyHalf.read(half, text).defect();
    }

    private static Optional<KeyDefect> together(byte[] publicKey, byte[] privateKey) {
        if (MessageDigest.isEqual(publicKey, privateKey)) {
            return Optional.of(new KeyDefect(
                    Half.BOTH,
                    Kind.SAME_TEXT,
                    "hold the same text",
                    "put the public key under public and the private key under private"));
        }
        if (MessageDigest.isEqual(derived(privateKey), publicKey)) {
            return Optional.empty();
        }
        if (MessageDigest.isEqual(derived(publicKey), privateKey)) {
            return Optional.of(new KeyDefect(
                    Half.BOTH,
                    Kind.SWAPPED,
                    "are swapped: public holds the private key",
                    "exchange the two, and make a new pair if anybody could read the public half"));
        }
        return Optional.of(new KeyDefect(
                Half.BOTH,
                Kind.MISMATCH,
                "do not belong together: the private key derives another public key",
                "take both halves from one key file"));
    }

    private static byte[] derived(byte[] seed) {
        return new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded();
    }
}
