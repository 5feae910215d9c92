// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * A participant that starts on a database which was last seen with other keys: uninstalled and installed, renamed, or in
 * another namespace; also an update that moves it there. The database carries the identity and the KMS its keys, so this is
 * {@link KmsMigration} by another way (Splice documentation, "KMS"). A database that nobody has seen is fine: so a restore
 * and a hard migration pass.
 */
final class KmsIdentityReuse implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "kms-identity-reuse", RuleClass.IRREVERSIBLE, "a participant on a database last seen with other keys");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload().ifPresent(workload -> {
            for (var container : workload.containers(Role.PARTICIPANT)) {
                for (var database :
                        ParticipantDatabase.of(container, workload.ref().namespace())) {
                    if (isTakenUp(subject, database)) {
                        new ReusedDatabase(subject, container, database).find().ifPresent(findings::add);
                    }
                }
            }
        });
        return findings;
    }

    /** Whether it is used from now on; what an update keeps is {@link KmsMigration}'s. */
    private static boolean isTakenUp(Subject subject, ParticipantDatabase database) {
        return subject.operation() == Operation.CREATE
                || subject.workloadBefore()
                        .filter(before -> before.databases().stream().noneMatch(database::mayBe))
                        .isPresent();
    }

    static Finding finding(Container container, ParticipantDatabase database, String message, String fix) {
        return Finding.seen(
                INFO,
                container.name() + " " + database.describe(),
                "container " + container.name() + ": " + message,
                fix,
                container.path() + "/env");
    }
}
