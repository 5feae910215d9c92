// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CryptoConfig;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
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
     * Why nothing is injected although credentials are not wired, if so: they come from the ServiceAccount, or nobody can
     * tell.
     */
    static Optional<Injection.Proposal> ambient(Subject subject, String annotation) {
        var workload = subject.workload().orElseThrow();
        var account = new ObjectRef("ServiceAccount", workload.ref().namespace(), workload.serviceAccount());
        var known = subject.facts().serviceAccount(account);
        if (known instanceof Lookup.Unknown<?> unknown) {
            return Optional.of(Injection.Proposal.refrain("no credentials injected: whether " + account
                    + " has an identity of its own could not be told (" + unknown.why() + ")"));
        }
        return known.toOptional()
                .filter(annotations -> annotations.containsKey(annotation))
                .map(annotations -> Injection.Proposal.NONE);
    }

    /** Whether a Secret is there with all those keys. */
    static boolean has(Subject subject, String secret, String... keys) {
        var ref = new ObjectRef("Secret", subject.ref().namespace(), secret);
        return subject.facts()
                .secret(ref)
                .toOptional()
                .filter(data -> java.util.List.of(keys).stream().allMatch(data::containsKey))
                .isPresent();
    }
}
