// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * The Secret with the governance key is deleted, or loses a key, while an SV app of its namespace reads it: its pod would not
 * start again, and the pair is in the Secret alone, since a KMS participant cannot make it again. An SV app that is scaled to
 * zero will need it too. Never while the namespace itself is deleted, which a refusal would hold up for ever. Another key in
 * its place is a warning: an env var from a Secret is read when a container starts (Kubernetes documentation, "Secrets").
 */
final class GovernanceKeyInUse implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "governance-key-in-use", RuleClass.BROKEN, "a governance key that is taken from an SV app which reads it");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        return subject.deletedSecret()
                .map(secret -> deletion(subject, secret))
                .or(() -> subject.secret()
                        .flatMap(after -> subject.secretBefore().map(before -> KeyChange.find(subject, before, after))))
                .orElse(List.of());
    }

    private static List<Finding> deletion(Subject subject, GovernanceSecret secret) {
        var terminating = subject.facts().keyUse().terminating();
        if (terminating.toOptional().orElse(false)) {
            return List.of();
        }
        var svApps = subject.facts().keyUse().svApps();
        if (svApps instanceof Lookup.Unknown<List<Workload>> unknown) {
            return List.of(unseen("deletion", "this deletion", unknown.why()));
        }
        var findings = new ArrayList<Finding>();
        for (var reader : KeyReader.of(secret.ref(), svApps)) {
            var message =
                    "this deletion takes the governance key from " + reader.describe() + ", and it may be nowhere else";
            var finding = Finding.seen(
                    INFO, reader.svApp() + " deletion", message, InUseRemedy.deletion(secret, reader.workload()), "");
            findings.add(
                    terminating instanceof Lookup.Unknown<Boolean> unknown ? unsure(finding, unknown.why()) : finding);
        }
        return findings;
    }

    private static Finding unsure(Finding finding, String why) {
        return Finding.seen(
                        INFO,
                        finding.key(),
                        finding.message() + "; whether its namespace is being deleted as a whole could not be told: "
                                + why,
                        finding.fix(),
                        finding.path())
                .on(Ground.UNKNOWN);
    }

    static Finding finding(String key, String message, String fix, String path) {
        return Finding.seen(INFO, key, message, fix, path);
    }

    /** Nobody can tell who reads it. */
    static Finding unseen(String key, String what, String why) {
        return Finding.seen(
                        INFO,
                        key,
                        "whether " + what + " takes the governance key from an SV app could not be told: " + why,
                        "let the guard list the Deployments and StatefulSets of this namespace, and try again",
                        "")
                .on(Ground.UNKNOWN);
    }
}
