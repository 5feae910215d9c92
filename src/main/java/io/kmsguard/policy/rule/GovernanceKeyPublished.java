// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.GovernanceKeys;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A governance key that the whole world knows, such as the sample pair that the guide prints: a valid pair, with which
 * anybody can vote as this SV. Known keys are compared by the hash of their public half.
 */
final class GovernanceKeyPublished implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "governance-key-published", RuleClass.IRREVERSIBLE, "a governance key that the whole world knows");

    /** SHA-256 of the raw public key, and where the pair is published. */
    private static final Map<String, String> KNOWN = Map.of(
            "189d6787ec5aa6e7e9ad6fa90317113d4029382865f94a1c8ea9039803af75c4",
                    "the sample pair that the SV guide prints",
            "4bd14550557bda687fe1ab0b0a2e4415963eacc8e810587f1f6a8b7e68dffd9e",
                    "the genesis pair in Splice's own source code (CometBftRequestSigner.scala)",
            "139e3940e64b5491722088d9a0d741628fc826e09475d341a780acde3c4b8070", "made of 32 zero bytes");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload().ifPresent(workload -> {
            for (var container : workload.containers(Role.SV_APP)) {
                known(GovernanceKeys.of(container, workload.ref().namespace(), subject.facts()::secretTexts).stream())
                        .forEach(source -> findings.add(
                                finding(subject, "container " + container.name(), source, container.path() + "/env")));
            }
        });
        subject.secret()
                .ifPresent(secret -> known(Stream.of(GovernanceKeys.of(secret, subject.names())))
                        .forEach(source -> findings.add(finding(subject, "the Secret", source, "/data"))));
        return findings;
    }

    private static Stream<String> known(Stream<GovernanceKeys> keys) {
        return keys.flatMap(key -> key.fingerprint().stream())
                .flatMap(fingerprint -> Optional.ofNullable(KNOWN.get(fingerprint)).stream())
                .distinct();
    }

    private static Finding finding(Subject subject, String where, String source, String path) {
        return Finding.seen(
                INFO,
                where + " " + source,
                where + ": the governance key is " + source + ", so that anybody can vote as this SV",
                Remedy.newPair(subject.ref().namespace(), subject.names()),
                path);
    }
}
