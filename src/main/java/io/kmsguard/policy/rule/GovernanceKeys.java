// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.CometBftNode.KeySource;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvValue;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One governance key as an SV app gets it, as far as it can be seen: from a Secret that was looked up, from a plain value, or
 * out of the configuration itself.
 */
record GovernanceKeys(Optional<KeyText> publicKey, Optional<KeyText> privateKey) {

    /** Those of an SV app: that of each CometBFT node, and that of the env vars which the chart names. */
    static List<GovernanceKeys> of(Subject subject, Container container) {
        var all = new ArrayList<GovernanceKeys>();
        all.add(new GovernanceKeys(
                env(subject, container, CometBftNode.PUBLIC_KEY_ENV),
                env(subject, container, CometBftNode.PRIVATE_KEY_ENV)));
        for (var node : container.cometBftNodes()) {
            all.add(new GovernanceKeys(
                    source(subject, container, node.publicKey()), source(subject, container, node.privateKey())));
        }
        return all;
    }

    /** The one in the Secret for it. */
    static GovernanceKeys of(GovernanceSecret secret, SecretNames names) {
        return new GovernanceKeys(
                Optional.ofNullable(secret.keys().get(names.publicKey())),
                Optional.ofNullable(secret.keys().get(names.privateKey())));
    }

    /** The hash of the public half; empty where neither half can be read. */
    Optional<String> fingerprint() {
        return KeyPair.fingerprint(publicKey, privateKey);
    }

    private static Optional<KeyText> source(Subject subject, Container container, KeySource source) {
        if (source instanceof KeySource.Inline inline) {
            return Optional.of(inline.text());
        }
        return source instanceof KeySource.Env env ? env(subject, container, env.name()) : Optional.empty();
    }

    private static Optional<KeyText> env(Subject subject, Container container, String name) {
        var value = container.env(name).map(variable -> variable.value());
        if (value.isPresent() && value.get() instanceof EnvValue.SecretKey key) {
            return subject.facts()
                    .secretText(new ObjectRef("Secret", subject.ref().namespace(), key.secret()), key.key());
        }
        return value.flatMap(EnvValue::text).map(KeyText::of);
    }
}
