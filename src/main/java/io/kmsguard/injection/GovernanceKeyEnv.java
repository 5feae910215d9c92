// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import io.kmsguard.policy.Subject;
import io.kmsguard.splice.ChartValues;
import io.kmsguard.splice.CometBftNode.KeySource;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Role;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The env vars that the configuration of an SV app reads its governance key from and that are not there: from the Secret
 * that the splice-sv-node chart takes them from.
 */
final class GovernanceKeyEnv implements Injection {

    @Override
    public String id() {
        return "governance-key-env";
    }

    @Override
    public Proposal propose(Subject subject, Container container) {
        if (!container.is(Role.SV_APP)) {
            return Proposal.NONE;
        }
        var names = subject.names();
        var missing = new TreeMap<String, String>();
        var nodes = new TreeSet<String>();
        for (var node : container.cometBftNodes()) {
            unset(node.privateKey()).ifPresent(env -> {
                missing.put(env, names.privateKey());
                nodes.add(node.name());
            });
            unset(node.publicKey()).ifPresent(env -> {
                missing.put(env, names.publicKey());
                nodes.add(node.name());
            });
        }
        // An env var that is there and empty is the operator's: nothing is overwritten.
        missing.keySet().removeIf(env -> container.env(env).isPresent());
        if (missing.isEmpty()) {
            return Proposal.NONE;
        }
        List<Addition> additions = missing.entrySet().stream()
                .<Addition>map(env ->
                        Addition.Env.fromSecret(container.path(), env.getKey(), names.governance(), env.getValue()))
                .toList();
        return new Proposal(
                additions,
                List.of("injected the governance key's env from Secret " + names.governance() + "; "
                        + unnecessary(subject, nodes)));
    }

    /** Which values say the same. */
    static String unnecessary(Subject subject, Collection<String> nodes) {
        return ChartValues.governanceKeys(subject.workload().orElseThrow().chart(), nodes) + " makes this unnecessary";
    }

    private static Optional<String> unset(KeySource source) {
        return source instanceof KeySource.UnsetEnv env ? Optional.of(env.name()) : Optional.empty();
    }
}
