// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Set;

/**
 * One synchronizer node of an SV app, as far as CometBFT is concerned.
 *
 * @param app the SV app's name in the configuration, by default {@code sv}
 * @param name {@code current}, {@code successor}, {@code legacy} or {@code additional-legacy.<i>}
 * @param enabled whether CometBFT is on; the SV app then needs a governance key
 * @param declared whether a {@code governance-key} block is there, even an empty one
 * @param publicKey where the public key comes from
 * @param privateKey where the private key (the seed) comes from
 */
public record CometBftNode(
        String app, String name, boolean enabled, boolean declared, KeySource publicKey, KeySource privateKey) {

    /** The env var with the public half, as the splice-sv-node chart names it. */
    public static final String PUBLIC_KEY_ENV = "SPLICE_APP_SV_COMETBFT_GOVERNANCE_PUBLIC_KEY";

    /** The env var with the private half. */
    public static final String PRIVATE_KEY_ENV = "SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY";

    /** Both. */
    public static final Set<String> ENV_NAMES = Set.of(PUBLIC_KEY_ENV, PRIVATE_KEY_ENV);

    /** Where one key of a {@code governance-key} block comes from. */
    public sealed interface KeySource {
        /** The value of an env var of the container, by {@code ${?NAME}} or {@code ${NAME}}. */
        record Env(String name) implements KeySource {}

        /** {@code ${?NAME}} with no such env var: the key is silently not there. */
        record UnsetEnv(String name) implements KeySource {}

        /** Written into the configuration itself. */
        record Inline(KeyText text) implements KeySource {}

        /** Not mentioned. */
        record Missing() implements KeySource {}
    }

    /** Whether both halves of the key reach the SV app. */
    public boolean hasKey() {
        return reaches(publicKey) && reaches(privateKey);
    }

    /** Whether a half of the key comes from that env var. */
    public boolean reads(String env) {
        return publicKey.equals(new KeySource.Env(env)) || privateKey.equals(new KeySource.Env(env));
    }

    private static boolean reaches(KeySource source) {
        return source instanceof KeySource.Env || source instanceof KeySource.Inline;
    }
}
