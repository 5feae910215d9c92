// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Subject;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvValue;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Optional;

/**
 * The governance key as an SV app gets it, as far as it can be seen: from a Secret that was looked up, or from a plain
 * value.
 */
record GovernanceKeys(Optional<KeyText> publicKey, Optional<KeyText> privateKey) {

    static GovernanceKeys of(Subject subject, Container container) {
        var refs = GovernanceRefs.of(container);
        return new GovernanceKeys(
                text(subject, refs, false).or(() -> plain(container, CometBftNode.PUBLIC_KEY_ENV)),
                text(subject, refs, true).or(() -> plain(container, CometBftNode.PRIVATE_KEY_ENV)));
    }

    Optional<String> fingerprint() {
        return KeyPair.fingerprint(publicKey, privateKey);
    }

    private static Optional<KeyText> text(Subject subject, List<GovernanceRefs.Ref> refs, boolean isPrivate) {
        return refs.stream()
                .filter(ref -> ref.isPrivate() == isPrivate)
                .findFirst()
                .flatMap(ref -> subject.facts()
                        .secret(new ObjectRef("Secret", subject.ref().namespace(), ref.secret()))
                        .toOptional()
                        .flatMap(keys -> Optional.ofNullable(keys.get(ref.key()))));
    }

    private static Optional<KeyText> plain(Container container, String env) {
        return container
                .env(env)
                .filter(variable -> variable.value() instanceof EnvValue.Literal)
                .flatMap(variable -> variable.value().text())
                .map(KeyText::of);
    }
}
