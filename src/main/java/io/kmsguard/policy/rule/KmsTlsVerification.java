// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.ParticipantSettings;
import io.kmsguard.splice.Role;
import java.util.List;

/**
 * A participant that does not verify the certificate of its KMS endpoint ({@code disable-ssl-verification} of Canton's
 * AWS KMS configuration): whoever stands between them sees and can change what is signed.
 */
final class KmsTlsVerification implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "kms-tls-verification", RuleClass.ADVISABLE, "a KMS endpoint whose certificate is not verified");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        return subject.workload().stream()
                .flatMap(workload -> workload.containers(Role.PARTICIPANT).stream())
                .flatMap(container -> container.config().participants().stream()
                        .filter(ParticipantSettings::unverifiedTls)
                        .map(participant -> Finding.seen(
                                INFO,
                                container.name() + " " + participant.node(),
                                "container " + container.name() + ": canton.participants." + participant.node()
                                        + ".crypto.kms.disable-ssl-verification is on, so the certificate of the KMS"
                                        + " endpoint is not verified",
                                "remove disableSslVerification from the kms values; give the JVM the CA of a private"
                                        + " endpoint in a trust store instead",
                                container.path() + "/env")))
                .toList();
    }
}
