// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Novelty;
import io.kmsguard.splice.Releases;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.SpliceVersion;
import java.util.List;
import java.util.Optional;

/**
 * Session signing keys of a KMS participant below the release that supports them: the guide says that Splice
 * participants do not support them yet, and the sample KMS values switch them on from Splice 0.7.2.
 */
final class SessionSigningKeys implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "session-signing-keys", RuleClass.BROKEN, "session signing keys in a release that does not support them");

    private static final SpliceVersion SUPPORTED = Releases.since(Novelty.SESSION_SIGNING_KEYS);

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        return subject.workload().stream()
                .flatMap(workload -> workload.containers(Role.PARTICIPANT).stream()
                        .filter(container -> KmsState.of(container).isKms())
                        .flatMap(container -> check(container, workload.version()).stream()))
                .toList();
    }

    private static List<Finding> check(Container container, Optional<SpliceVersion> version) {
        if (version.isPresent() && Releases.has(Novelty.SESSION_SIGNING_KEYS, version)) {
            return List.of();
        }
        return container.config().participants().stream()
                .flatMap(participant -> participant.sessionSigningKeys().stream())
                .map(path -> finding(container, path, version))
                .toList();
    }

    private static Finding finding(Container container, String path, Optional<SpliceVersion> version) {
        var release = version.map(v -> "Splice " + v + " does not support")
                .orElse("only Splice " + SUPPORTED + " and later supports, and the release could not be told");
        var finding = Finding.seen(
                INFO,
                container.name() + " " + path,
                "container " + container.name() + ": " + path + " is on, which " + release,
                "remove it (the sample values have it as ADDITIONAL_CONFIG_SESSION_SIGNING_KEYS in additionalEnvVars), or"
                        + " upgrade to Splice " + SUPPORTED,
                container.path() + "/env");
        return version.isPresent() ? finding : finding.as(RuleClass.ADVISABLE);
    }
}
