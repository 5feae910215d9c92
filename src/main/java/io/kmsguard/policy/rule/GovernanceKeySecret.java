// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.GovernanceRefs;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The Secret with the governance key is not there, or lacks the keys that the SV app reads: its pod would stay in
 * CreateContainerConfigError. The guide stores them as {@code publicKey} and {@code privateKey}, the chart reads
 * {@code public} and {@code private}. Judged for the SV app, and for the Secret itself.
 */
final class GovernanceKeySecret implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "governance-key-secret", RuleClass.BROKEN, "a governance key Secret that is absent or lacks its keys");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload()
                .ifPresent(workload -> workload.containers(Role.SV_APP).forEach(container -> {
                    var bySecret = new LinkedHashMap<String, List<GovernanceRefs.Ref>>();
                    GovernanceRefs.of(container)
                            .forEach(ref -> bySecret.computeIfAbsent(ref.secret(), s -> new ArrayList<>())
                                    .add(ref));
                    bySecret.forEach(
                            (secret, refs) -> svApp(subject, "container " + container.name(), secret, refs, findings));
                }));
        subject.secret().ifPresent(secret -> findings.addAll(content(secret, subject.names())));
        return findings;
    }

    /** What the Secret itself lacks. What is copied into it comes by an update of its own, which is judged then. */
    private static List<Finding> content(GovernanceSecret secret, SecretNames names) {
        if (secret.filler().isPresent()) {
            var message = "the Secret is empty until " + secret.filler().get();
            return List.of(Finding.seen(INFO, secret.ref().name() + " filled", message, Remedy.source(names), "/data")
                    .as(RuleClass.ADVISABLE));
        }
        var missing = new TreeSet<>(Set.of(names.publicKey(), names.privateKey()));
        missing.removeAll(secret.keys().keySet());
        return missing.isEmpty()
                ? List.of()
                : List.of(lacks("the Secret", secret.ref(), names, missing, secret.keys(), "/data"));
    }

    private static void svApp(
            Subject subject, String where, String name, List<GovernanceRefs.Ref> refs, List<Finding> findings) {
        var secret = new ObjectRef("Secret", subject.ref().namespace(), name);
        var names = GovernanceRefs.names(name, refs, subject.names());
        var path = refs.get(0).path();
        var looked = subject.facts().secret(secret);
        var made = subject.facts().maker(secret);
        if (looked instanceof Lookup.Found<Map<String, KeyText>> found) {
            var missing = new TreeSet<String>();
            refs.forEach(ref -> missing.add(ref.key()));
            missing.removeAll(found.value().keySet());
            if (!missing.isEmpty()) {
                findings.add(lacks(where + ": " + secret, secret, names, missing, found.value(), path));
            }
        } else if (looked instanceof Lookup.Unknown<Map<String, KeyText>> unknown) {
            var message = unknown.yet()
                    ? ": " + secret + ": " + unknown.why()
                    : ": whether " + secret + " holds the governance key could not be told: " + unknown.why();
            var fix = unknown.yet() ? Remedy.source(names) : "let the guard read that Secret, and try again";
            findings.add(Finding.seen(INFO, name, where + message, fix, path)
                    .as(unknown.yet() ? RuleClass.ADVISABLE : INFO.ruleClass())
                    .on(Ground.UNKNOWN));
        } else if (made.isPresent()) {
            SecretToCome.find(INFO, where, made.get(), refs).ifPresent(findings::add);
        } else {
            var message = ": env " + refs.get(0).env() + " comes from " + secret
                    + ", which is not there, so the SV app would not start";
            var fix = Remedy.secret(secret.namespace(), names);
            findings.add(Finding.seen(INFO, name, where + message, fix, path).on(Ground.ABSENT));
        }
    }

    private static Finding lacks(
            String what,
            ObjectRef secret,
            SecretNames names,
            Set<String> missing,
            Map<String, KeyText> keys,
            String path) {
        var lack = (missing.size() > 1 ? " lacks the keys " : " lacks the key ") + String.join(" and ", missing);
        return Finding.seen(
                INFO,
                secret.name(),
                what + lack + GuidesMistake.clause(names, keys),
                Remedy.secret(secret.namespace(), names),
                path);
    }
}
