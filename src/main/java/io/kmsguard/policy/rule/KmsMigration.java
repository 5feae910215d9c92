// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An update that takes a participant to, from or between KMS, or that points an SV at a participant with other keys; also one
 * that only restarts a participant whose ConfigMap says otherwise since ({@link FirstSight}). The root namespace key of a participant cannot be rotated (Splice documentation, "KMS"), so this can never be undone.
 * Configurations are compared by meaning: another spelling, env name or order is no change.
 */
final class KmsMigration implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "kms-migration", RuleClass.IRREVERSIBLE, "a participant that is moved to, from or between KMS");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        var workload = subject.workload();
        var before = subject.workloadBefore();
        if (workload.isPresent() && before.isPresent()) {
            for (var old : before.get().containers(Role.PARTICIPANT)) {
                successor(workload.get(), old, Role.PARTICIPANT)
                        .flatMap(container -> KmsChange.find(subject, old, container))
                        .ifPresent(findings::add);
            }
            for (var old : before.get().containers(Role.SV_APP)) {
                successor(workload.get(), old, Role.SV_APP)
                        .flatMap(container -> ParticipantSwitch.find(subject, old, container))
                        .ifPresent(findings::add);
            }
        }
        if (workload.isPresent() && before.isEmpty()) {
            workload.get()
                    .containers(Role.PARTICIPANT)
                    .forEach(container -> FirstSight.of(subject, container)
                            .flatMap(first -> first.find(container))
                            .ifPresent(findings::add));
        }
        return findings;
    }

    /**
     * What becomes of a container: the one of its name whatever that looks like now, else the only one of its role, else
     * the only one there is.
     */
    static Optional<Container> successor(Workload workload, Container old, Role role) {
        var all = workload.containers();
        var peers = workload.containers(role);
        return all.stream()
                .filter(other -> other.name().equals(old.name()))
                .findFirst()
                .or(() -> peers.size() == 1 ? Optional.of(peers.get(0)) : Optional.empty())
                .or(() -> all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty());
    }

    static Finding finding(Container container, Finding.Ground ground, String message, String fix) {
        return Finding.seen(
                        INFO,
                        container.name(),
                        "container " + container.name() + ": " + message,
                        fix,
                        container.path() + "/env")
                .on(ground);
    }
}
