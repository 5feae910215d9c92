// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static java.util.stream.Collectors.toCollection;

import io.kmsguard.policy.GovernanceKeys;
import io.kmsguard.policy.GovernanceRefs;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A container of an SV app that reads its governance key from a Secret.
 *
 * @param refs what it reads of that Secret; never empty
 */
record KeyReader(Workload workload, Container container, List<GovernanceRefs.Ref> refs) {

    /** Those that read one Secret, of the SV apps of its namespace. */
    static List<KeyReader> of(ObjectRef secret, Lookup<List<Workload>> svApps) {
        return svApps.toOptional().orElse(List.of()).stream()
                .flatMap(workload ->
                        workload.containers(Role.SV_APP).stream().flatMap(container -> of(secret, workload, container)))
                .toList();
    }

    private static Stream<KeyReader> of(ObjectRef secret, Workload workload, Container container) {
        var refs = GovernanceRefs.of(container).stream()
                .filter(ref -> ref.secret().equals(secret.name()))
                .toList();
        return refs.isEmpty() ? Stream.empty() : Stream.of(new KeyReader(workload, container, refs));
    }

    ObjectRef svApp() {
        return workload.ref();
    }

    /** The keys of the Secret that it reads. */
    Set<String> keys() {
        return refs.stream().map(GovernanceRefs.Ref::key).collect(toCollection(TreeSet::new));
    }

    /** What tells the governance keys that it gets where that is the Secret. */
    Set<String> fingerprints(GovernanceSecret secret) {
        return GovernanceKeys.of(
                        container,
                        svApp().namespace(),
                        ref -> ref.equals(secret.ref()) ? Optional.of(secret.keys()) : Optional.empty())
                .stream()
                .flatMap(keys -> keys.fingerprint().stream())
                .collect(toCollection(TreeSet::new));
    }

    /** For messages. */
    String describe() {
        var rest = workload.replicas().orElse(1) == 0 ? ", which is scaled to zero and will need it again" : "";
        return svApp() + " (container " + container.name() + ", env "
                + refs.get(0).env() + ")" + rest;
    }
}
