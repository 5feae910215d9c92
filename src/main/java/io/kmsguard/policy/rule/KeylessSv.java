// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.CometBftNode.KeySource;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The part of {@link GovernanceKeyFlag} that looks at an SV app. */
final class KeylessSv {

    private KeylessSv() {}

    static List<Finding> find(Subject subject, Workload workload, Container container) {
        var findings = new ArrayList<Finding>();
        if (!container.config().isJudged()) {
            findings.add(GovernanceKeyFlag.finding(
                    container,
                    Ground.UNKNOWN,
                    "configuration",
                    "whether its CometBFT nodes have a governance key could not be told: its configuration cannot be read",
                    "mend what kms-config says of it"));
        }
        for (var node : container.cometBftNodes()) {
            if (node.enabled() && !node.hasKey()) {
                judge(subject, workload, container, node).ifPresent(findings::add);
            }
        }
        return findings;
    }

    private static Optional<Finding> judge(Subject subject, Workload workload, Container container, CometBftNode node) {
        var fix = Remedy.flag(workload, node, subject.names());
        var where = "CometBFT node " + node.name();
        var unset = unsetEnv(node);
        if (unset.isPresent()) {
            // Whatever the participant: a governance-key block without keys is refused at start.
            return Optional.of(GovernanceKeyFlag.finding(
                    container,
                    container.config().unseen().isEmpty() ? Ground.SEEN : Ground.UNKNOWN,
                    node.name(),
                    where + " reads its governance key from env " + unset.get()
                            + ", which the container does not have, so the SV app refuses its configuration",
                    fix));
        }
        return reason(subject.participantOf(container))
                .map(reason -> GovernanceKeyFlag.finding(
                        container,
                        reason.ground(),
                        node.name(),
                        where + " has no external governance key, and " + reason.clause(),
                        fix));
    }

    private static Optional<String> unsetEnv(CometBftNode node) {
        return Stream.of(node.publicKey(), node.privateKey())
                .filter(KeySource.UnsetEnv.class::isInstance)
                .map(source -> ((KeySource.UnsetEnv) source).name())
                .findFirst();
    }

    /** Why the lack of a key matters. */
    private record Reason(Ground ground, String clause) {}

    private static Optional<Reason> reason(Lookup<Workload> participant) {
        if (participant instanceof Lookup.Found<Workload> found) {
            return reason(found.value());
        }
        return Optional.of(
                participant instanceof Lookup.Unknown<Workload> unknown
                        ? new Reason(
                                Ground.UNKNOWN,
                                "whether its participant is on a KMS could not be told: " + unknown.why())
                        : new Reason(
                                Ground.NOTICE,
                                "its participant is not seen yet; on a KMS the SV app would fail at start"));
    }

    private static Optional<Reason> reason(Workload participant) {
        var name = "its participant " + participant.ref().namespace() + "/"
                + participant.ref().name();
        var state = KmsState.of(participant);
        if (state.isKms()) {
            return Optional.of(new Reason(
                    Ground.SEEN,
                    name + " keeps its keys in " + state.describe()
                            + ", which gives none out, so the SV app would fail at start"));
        }
        return state.hidden()
                .map(why -> new Reason(Ground.UNKNOWN, "whether " + name + " is on a KMS could not be told: " + why));
    }
}
