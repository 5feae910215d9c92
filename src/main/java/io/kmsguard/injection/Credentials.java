// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import io.kmsguard.injection.Injection.Proposal;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CryptoConfig;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import java.util.List;
import java.util.Optional;

/** What the credentials of the KMS providers have in common. */
final class Credentials {

    private Credentials() {}

    /** Whether the container is a participant on that kind of KMS. */
    static boolean isOn(Class<? extends KmsConfig> kind, Container container) {
        return container.is(Role.PARTICIPANT)
                && container.config().cryptos().stream()
                        .filter(crypto -> crypto.role() == Role.PARTICIPANT)
                        .map(CryptoConfig::identity)
                        .flatMap(Optional::stream)
                        .anyMatch(kind::isInstance);
    }

    /**
     * Why nothing is injected although credentials are not wired, if so: there is no Secret with all those keys, the
     * ServiceAccount has an identity of its own by that annotation, or nobody can tell.
     */
    static Optional<Proposal> refrain(Subject subject, String annotation, String secretName, String... keys) {
        var secret = new ObjectRef("Secret", subject.ref().namespace(), secretName);
        var data = subject.facts().secret(secret);
        if (data instanceof Lookup.Absent
                || data.toOptional()
                        .filter(found -> !found.keySet().containsAll(List.of(keys)))
                        .isPresent()) {
            return Optional.of(Proposal.NONE);
        }
        var account = new ObjectRef(
                "ServiceAccount",
                subject.ref().namespace(),
                subject.workload().orElseThrow().serviceAccount());
        var annotations = subject.facts().serviceAccount(account);
        if (annotations
                .toOptional()
                .filter(found -> found.containsKey(annotation))
                .isPresent()) {
            return Optional.of(Proposal.NONE);
        }
        return unknown(annotations, account + " has an identity of its own")
                .or(() -> unknown(data, secret + " holds them"));
    }

    private static Optional<Proposal> unknown(Lookup<?> lookup, String what) {
        return lookup instanceof Lookup.Unknown<?> unknown
                ? Optional.of(Proposal.refrain(
                        "no credentials injected: whether " + what + " could not be told (" + unknown.why() + ")"))
                : Optional.empty();
    }
}
