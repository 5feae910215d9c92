// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Novelty;
import io.kmsguard.splice.Releases;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * An SV on a KMS participant with a CometBFT node that has no external governance key: the SV app would export the key
 * from its participant, and a KMS gives no key out, so it fails at start (Splice documentation, "KMS"). Judged when the
 * SV is applied, and when the participant is and its SV already runs.
 */
final class GovernanceKeyFlag implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "governance-key-flag", RuleClass.BROKEN, "an SV on a KMS participant without an external governance key");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload().ifPresent(workload -> {
            workload.containers(Role.SV_APP)
                    .forEach(container -> findings.addAll(KeylessSv.find(subject, workload, container)));
            for (var container : workload.containers(Role.PARTICIPANT)) {
                var state = KmsState.of(container);
                if (state.isKms() || state.hidden().isPresent()) {
                    findings.addAll(participant(subject, container, state));
                }
            }
        });
        return findings;
    }

    /** A participant on a KMS: what its SV lacks, or will need. */
    private static List<Finding> participant(Subject subject, Container container, KmsState state) {
        var users = subject.facts().users();
        if (users instanceof Lookup.Found<Facts.Users> found) {
            var apps = found.value();
            return apps.isEmpty() && state.isKms()
                    ? List.of(first(subject, container))
                    : apps.svApps().stream()
                            .flatMap(sv -> sv.containers(Role.SV_APP).stream()
                                    .flatMap(app -> running(subject, container, state, sv, app).stream()))
                            .toList();
        }
        return List.of(finding(
                container,
                Ground.UNKNOWN,
                "SV apps",
                "whether an SV app without governance key runs on this KMS participant could not be told"
                        + (users instanceof Lookup.Unknown<Facts.Users> unknown ? ": " + unknown.why() : ""),
                "let the guard list Deployments and Services, and try again"));
    }

    private static Finding first(Subject subject, Container container) {
        var version = subject.workload().flatMap(Workload::version);
        var isMoving = version.isPresent() && Releases.has(Novelty.CANTON_BFT, version);
        return finding(
                container,
                Ground.NOTICE,
                "first",
                "an SV " + (isMoving ? "with CometBFT " : "")
                        + "on this KMS participant will need cometBFT.externalGovernanceKey and Secret "
                        + subject.names().governance(),
                "set both before the SV app is installed");
    }

    private static List<Finding> running(
            Subject subject, Container container, KmsState state, Workload sv, Container app) {
        var keys = state.isKms()
                ? "the participant keeps its keys in " + state.describe() + ", which gives none out, and "
                : "whether the participant is on a KMS could not be told ("
                        + state.hidden().orElse("") + "), and ";
        return app.cometBftNodes().stream()
                .filter(node -> node.enabled() && !node.hasKey())
                .map(node -> finding(
                        container,
                        state.isKms() ? Ground.SEEN : Ground.UNKNOWN,
                        sv.ref() + " " + node.name(),
                        keys + "CometBFT node " + node.name() + " of " + sv.ref()
                                + ", which runs on it, has no external governance key",
                        Remedy.flag(sv, node, subject.names())))
                .toList();
    }

    static Finding finding(Container container, Ground ground, String key, String message, String fix) {
        return Finding.seen(
                        INFO,
                        container.name() + " " + key,
                        "container " + container.name() + ": " + message,
                        fix,
                        container.path() + "/env")
                .on(ground);
    }
}
