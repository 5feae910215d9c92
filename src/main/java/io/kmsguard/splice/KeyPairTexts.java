// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** The two texts of a governance key pair on their way into a Secret. It prints as nothing but the fact that it is one. */
public final class KeyPairTexts {

    private final String publicKey;
    private final String privateKey;

    /**
     * A pair that is there already, good or not.
     *
     * @param publicKey the base64 text of the 32 bytes
     * @param privateKey the base64 text of the seed
     */
    public KeyPairTexts(String publicKey, String privateKey) {
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    /** A new Ed25519 pair. */
    public static KeyPairTexts generate(SecureRandom random) {
        var seed = new byte[Ed25519PrivateKeyParameters.KEY_SIZE];
        try {
            random.nextBytes(seed);
            var derived = new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey();
            var base64 = Base64.getEncoder();
            return new KeyPairTexts(base64.encodeToString(derived.getEncoded()), base64.encodeToString(seed));
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    /** What is wrong with it, as {@link KeyPair} says it. */
    public List<KeyDefect> defects() {
        return KeyPair.diagnose(publicText(), privateText());
    }

    /** The hash of its public half, as {@link KeyPair#fingerprint} makes it; empty where neither half is a key. */
    public Optional<String> fingerprint() {
        return KeyPair.fingerprint(publicText(), privateText());
    }

    /** The public half, which is no secret. */
    public String publicKey() {
        return publicKey;
    }

    /** The private half: for a Secret, and for nothing else. */
    public String revealPrivateKey() {
        return privateKey;
    }

    private Optional<KeyText> publicText() {
        return Optional.of(KeyText.of(publicKey));
    }

    private Optional<KeyText> privateText() {
        return Optional.of(KeyText.of(privateKey));
    }

    @Override
    public String toString() {
        return "KeyPairTexts[hidden]";
    }
}
