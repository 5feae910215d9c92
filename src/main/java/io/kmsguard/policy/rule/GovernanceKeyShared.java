// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Facts.KeyUser;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two SVs with the same governance key: requests to change a CometBFT node are signed with it (CometBftRequestSigner.scala), so
 * each can sign as the other. What tells SVs apart is their participant: two nodes of one SV app, or two SV apps on one
 * participant, are one SV. Judged for the SV app, and for the Secret itself.
 */
final class GovernanceKeyShared implements Rule {

    private static final RuleInfo INFO =
            new RuleInfo("governance-key-shared", RuleClass.BROKEN, "two SVs with the same governance key");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        if (subject.secret().isEmpty() && subject.workload().isEmpty()) {
            return List.of();
        }
        var users = subject.facts().keyUse().users();
        if (users instanceof Lookup.Unknown<List<KeyUser>> unknown) {
            return List.of(finding(
                    subject,
                    Ground.UNKNOWN,
                    "others",
                    "whether another SV has the same governance key could not be told: " + unknown.why(),
                    "let the guard list the Secrets " + subject.names().governance()
                            + " and the Deployments and StatefulSets of all namespaces, and try again"));
        }
        var all = users.toOptional().orElse(List.of());
        return subject.workload().map(workload -> svApp(subject, workload, all)).orElseGet(() -> secret(subject, all));
    }

    private static List<Finding> svApp(Subject subject, Workload workload, List<KeyUser> users) {
        var findings = new ArrayList<Finding>();
        for (var own : users) {
            if (own.svApp().equals(workload.ref())) {
                var rest = users.stream()
                        .filter(user -> user.fingerprint().equals(own.fingerprint()))
                        .toList();
                Apart.of(List.of(own), rest)
                        .ifPresent(apart -> findings.add(shared(
                                subject,
                                apart,
                                own.container() + " " + own.fingerprint(),
                                "container " + own.container() + ": its governance key is that of "
                                        + apart.names(Optional.of(own.svApp())) + " too, on another participant")));
            }
        }
        return findings;
    }

    private static List<Finding> secret(Subject subject, List<KeyUser> users) {
        var readers =
                users.stream().filter(user -> isNear(subject, user.svApp())).toList();
        var rest = users.stream().filter(user -> !readers.contains(user)).toList();
        var first = readers.stream().map(KeyUser::svApp).findFirst();
        return Apart.of(readers, rest)
                .map(apart -> shared(
                        subject,
                        apart,
                        users.get(0).fingerprint(),
                        "the governance key of this Secret is that of "
                                + first.map(reader ->
                                                reader + " and of " + apart.names(first) + ", on another participant")
                                        .orElseGet(() -> apart.names(first) + " already")))
                .stream()
                .toList();
    }

    private static boolean isNear(Subject subject, ObjectRef svApp) {
        return svApp.namespace().equals(subject.ref().namespace());
    }

    private static Finding shared(Subject subject, Apart apart, String key, String message) {
        return finding(
                subject,
                apart.ground(),
                key,
                message
                        + (apart.ground() == Ground.SEEN
                                ? ", so that each can sign as the other"
                                : " or not, which could not be told: " + apart.why()),
                apart.others().stream().anyMatch(other -> isNear(subject, other.svApp()))
                        ? "run each SV in a namespace of its own, with a key pair of its own: "
                                + Remedy.newPair("NAMESPACE", subject.names())
                        : Remedy.newPair(subject.ref().namespace(), subject.names()));
    }

    private static Finding finding(Subject subject, Ground ground, String key, String message, String fix) {
        var path = subject.workload()
                .map(workload -> workload.template() + "/spec/containers")
                .orElse("/data");
        return Finding.seen(INFO, key, message, fix, path).on(ground);
    }
}
