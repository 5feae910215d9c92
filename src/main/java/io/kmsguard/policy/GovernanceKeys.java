// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.CometBftNode.KeySource;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvValue;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One governance key as an SV app gets it, as far as it can be seen: from a Secret that was looked up, from a plain value, or
 * out of the configuration itself.
 */
public record GovernanceKeys(Optional<KeyText> publicKey, Optional<KeyText> privateKey) {

    /**
     * Those of an SV app: that of each CometBFT node, and that of the env vars which the chart names.
     *
     * @param secrets the texts of a Secret by key; empty where it is not there or could not be read
     */
    public static Set<GovernanceKeys> of(
            Container container, String namespace, Function<ObjectRef, Optional<Map<String, KeyText>>> secrets) {
        var env = new Env(container, namespace, secrets);
        var all = new LinkedHashSet<GovernanceKeys>();
        all.add(new GovernanceKeys(env.get(CometBftNode.PUBLIC_KEY_ENV), env.get(CometBftNode.PRIVATE_KEY_ENV)));
        for (var node : container.cometBftNodes()) {
            all.add(new GovernanceKeys(env.get(node.publicKey()), env.get(node.privateKey())));
        }
        return all;
    }

    /** The one in the Secret for it. */
    public static GovernanceKeys of(GovernanceSecret secret, SecretNames names) {
        return new GovernanceKeys(
                Optional.ofNullable(secret.keys().get(names.publicKey())),
                Optional.ofNullable(secret.keys().get(names.privateKey())));
    }

    /** The hash of the public half; empty where neither half can be read. */
    public Optional<String> fingerprint() {
        return KeyPair.fingerprint(publicKey, privateKey);
    }

    /** The same from the private half alone, so that it tells nothing to somebody who only knows the public one. */
    public Optional<String> ownersFingerprint() {
        return KeyPair.fingerprint(Optional.empty(), privateKey);
    }

    /** The env of an SV app and what it comes from. */
    private record Env(
            Container container, String namespace, Function<ObjectRef, Optional<Map<String, KeyText>>> secrets) {

        Optional<KeyText> get(KeySource source) {
            if (source instanceof KeySource.Inline inline) {
                return Optional.of(inline.text());
            }
            return source instanceof KeySource.Env env ? get(env.name()) : Optional.empty();
        }

        Optional<KeyText> get(String name) {
            var value = container.env(name).map(variable -> variable.value());
            if (value.isPresent() && value.get() instanceof EnvValue.SecretKey key) {
                return secrets.apply(new ObjectRef("Secret", namespace, key.secret()))
                        .flatMap(texts -> Optional.ofNullable(texts.get(key.key())));
            }
            return value.flatMap(EnvValue::text).map(KeyText::of);
        }
    }
}
