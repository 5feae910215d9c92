// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.KeyPair;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A governance key that the whole world knows, such as the sample pair that the guide prints: a valid pair, with which
 * anybody can vote as this SV. Known keys are compared by the hash of their public half.
 */
final class GovernanceKeyPublished implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "governance-key-published", RuleClass.IRREVERSIBLE, "a governance key that the whole world knows");

    /** SHA-256 of the raw public key, and where the pair is published. */
    private static final Map<String, String> KNOWN = Map.of(
            "189d6787ec5aa6e7e9ad6fa90317113d4029382865f94a1c8ea9039803af75c4", "the sample of the SV guide",
            "139e3940e64b5491722088d9a0d741628fc826e09475d341a780acde3c4b8070", "a seed of 32 zero bytes");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload()
                .ifPresent(workload ->
                        workload.containers(Role.SV_APP).forEach(container -> svApp(subject, container, findings)));
        subject.secret().ifPresent(secret -> {
            var names = subject.names();
            source(secret.keys(), names.publicKey(), names.privateKey())
                    .ifPresent(source -> findings.add(
                            finding(subject, "the Secret", secret.ref().name(), source, "/data")));
        });
        return findings;
    }

    private static void svApp(Subject subject, Container container, List<Finding> findings) {
        var key = GovernanceKeys.of(subject, container);
        key.fingerprint()
                .flatMap(known -> Optional.ofNullable(KNOWN.get(known)))
                .ifPresent(source -> findings.add(finding(
                        subject,
                        "container " + container.name(),
                        container.name(),
                        source,
                        container.path() + "/env")));
    }

    private static Optional<String> source(Map<String, KeyText> keys, String publicKey, String privateKey) {
        return KeyPair.fingerprint(Optional.ofNullable(keys.get(publicKey)), Optional.ofNullable(keys.get(privateKey)))
                .flatMap(known -> Optional.ofNullable(KNOWN.get(known)));
    }

    private static Finding finding(Subject subject, String where, String key, String source, String path) {
        return Finding.seen(
                INFO,
                key,
                where + ": the governance key is " + source + ", which anybody can sign with",
                "make a pair of your own (kms-guard keys generate) and put it into Secret "
                        + subject.names().governance(),
                path);
    }
}
