// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An update that gives a participant another database or schema, or another server or port. The database carries the
 * identity, so on an empty one the participant starts with another identity, or from 0.6.8 on not at all: the chart's
 * {@code pg-init} container refuses a second participant database on one server. No upgrade asks for a new name since hard
 * migrations are gone in 0.6.2 (Splice release notes, charts). Another server is mostly a restore, and only a warning; of a
 * participant without KMS each is a warning, since its identity can be exported.
 */
final class ParticipantDatabaseChange implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "participant-database", RuleClass.BROKEN, "a participant that is given another database by an update");

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
                KmsMigration.successor(workload.get(), old, Role.PARTICIPANT)
                        .filter(container -> container.is(Role.PARTICIPANT))
                        .flatMap(container -> find(subject, old, container))
                        .ifPresent(findings::add);
            }
        }
        return findings;
    }

    private static Optional<Finding> find(Subject subject, Container old, Container container) {
        var was = KmsState.of(old);
        var isKms = was.isKms() || was.hidden().isPresent();
        return new DatabaseMove(subject, old, container)
                .find()
                .map(finding -> isKms ? finding : finding.as(RuleClass.ADVISABLE));
    }

    static Finding finding(Container container, Ground ground, String message, String fix) {
        return Finding.seen(
                        INFO,
                        container.name(),
                        "container " + container.name() + ": " + message,
                        fix,
                        container.path() + "/env")
                .on(ground);
    }
}
