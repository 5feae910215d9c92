// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.CometBftNode.KeySource;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvValue;
import io.kmsguard.splice.EnvVar;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The env vars of an SV app that carry its governance key: the chart's names, and those that its configuration reads. */
public final class GovernanceRefs {

    private GovernanceRefs() {}

    /**
     * One key of a Secret that an SV app reads.
     *
     * @param path where the env var stands in the object
     */
    public record Ref(String env, String secret, String key, boolean isPrivate, String path) {}

    /** The references to Secrets; of an env var that stands twice, the last one. */
    public static List<Ref> of(Container container) {
        var refs = new ArrayList<Ref>();
        add(container, names(container, true), true, refs);
        add(container, names(container, false), false, refs);
        return refs;
    }

    /**
     * The names of a Secret that those refer to, and of its keys.
     *
     * @param usual what to say of a half that none refers to
     */
    public static SecretNames names(String secret, List<Ref> refs, SecretNames usual) {
        return usual.withGovernance(
                secret,
                key(refs, false).orElse(usual.publicKey()),
                key(refs, true).orElse(usual.privateKey()));
    }

    private static Optional<String> key(List<Ref> refs, boolean isPrivate) {
        return refs.stream()
                .filter(ref -> ref.isPrivate() == isPrivate)
                .map(Ref::key)
                .findFirst();
    }

    private static void add(Container container, Set<String> names, boolean isPrivate, List<Ref> refs) {
        for (var name : names) {
            container.env(name).ifPresent(variable -> {
                if (variable.value() instanceof EnvValue.SecretKey key) {
                    refs.add(new Ref(name, key.secret(), key.key(), isPrivate, variable.path()));
                }
            });
        }
    }

    /** The env vars with a private key, every occurrence. */
    public static List<EnvVar> privateKeys(Container container) {
        var names = names(container, true);
        return container.env().stream()
                .filter(variable -> names.contains(variable.name()))
                .toList();
    }

    private static Set<String> names(Container container, boolean isPrivate) {
        var names = new LinkedHashSet<String>();
        names.add(isPrivate ? CometBftNode.PRIVATE_KEY_ENV : CometBftNode.PUBLIC_KEY_ENV);
        for (var node : container.cometBftNodes()) {
            env(isPrivate ? node.privateKey() : node.publicKey()).ifPresent(names::add);
        }
        return names;
    }

    private static Optional<String> env(KeySource source) {
        return source instanceof KeySource.Env env ? Optional.of(env.name()) : Optional.empty();
    }
}
