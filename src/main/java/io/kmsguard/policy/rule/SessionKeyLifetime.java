// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.ParticipantSettings;
import io.kmsguard.splice.Releases;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.time.Duration;
import java.util.List;

/**
 * Session encryption keys of a KMS participant that live longer than an hour: they lie in memory outside the KMS, so a
 * memory snapshot exposes the messages of that time. An hour is the images' own default from Splice 0.5.14, ten minutes
 * before.
 */
final class SessionKeyLifetime implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "session-key-lifetime", RuleClass.ADVISABLE, "session encryption keys that live longer than an hour");
    private static final Duration LONGEST = Duration.ofHours(1);

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        return subject.workload().stream()
                .flatMap(workload -> workload.containers(Role.PARTICIPANT).stream())
                .filter(container -> KmsState.of(container).isKms())
                .flatMap(container -> container.config().participants().stream()
                        .filter(SessionKeyLifetime::isLong)
                        .map(participant -> finding(subject, container, participant)))
                .toList();
    }

    private static boolean isLong(ParticipantSettings participant) {
        return participant
                .sessionKeyLifetime()
                .filter(lifetime -> lifetime.compareTo(LONGEST) > 0)
                .isPresent();
    }

    private static Finding finding(Subject subject, Container container, ParticipantSettings participant) {
        // Rounded up: what is longer than an hour must not read as 60 minutes.
        var minutes = participant
                .sessionKeyLifetime()
                .orElse(LONGEST)
                .plusMinutes(1)
                .minusNanos(1)
                .toMinutes();
        return Finding.seen(
                INFO,
                container.name() + " " + participant.node(),
                "container " + container.name() + ": session encryption keys of participant " + participant.node()
                        + " live " + minutes
                        + " minutes, so a snapshot of its memory exposes the messages of that time",
                "set canton.participants." + participant.node()
                        + ".parameters.caching.session-encryption-key-cache.{sender-cache,receiver-cache}.expire-after-timeout"
                        + " to 1 hour or less"
                        + Releases.sessionEncryptionKeys(subject.workload().flatMap(Workload::version))
                                .map(usual -> ", or remove it (default: " + usual.toMinutes() + " minutes)")
                                .orElse(""),
                container.path() + "/env");
    }
}
