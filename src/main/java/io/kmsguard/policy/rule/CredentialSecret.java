// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static java.util.stream.Collectors.joining;

import io.kmsguard.maker.MadeSecret;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CredentialSources.Ref;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One Secret with credentials that a KMS participant refers to. */
final class CredentialSecret {

    private CredentialSecret() {}

    /** What is wrong with it for those that refer to it, if anything. */
    static Optional<Finding> check(Subject subject, Container container, ObjectRef secret, List<Ref> refs) {
        var looked = subject.facts().secret(secret);
        if (looked instanceof Lookup.Unknown<Map<String, KeyText>> unknown) {
            // The guard may read the Secrets of its policy only; one by another name is not for it to refuse.
            var needed = secret + ", needed by " + distinct(refs, Ref::user);
            var clause = unknown.yet()
                    ? needed + ": " + unknown.why()
                    : "whether " + needed + ", is there could not be told: " + unknown.why();
            return Optional.of(KmsCredentials.finding(container, clause, Remedy.look(secret))
                    .as(RuleClass.ADVISABLE)
                    .on(Ground.UNKNOWN));
        }
        var made = subject.facts().maker(secret);
        if (made.filter(maker -> maker.keys().isEmpty()).isPresent()) {
            return Optional.empty();
        }
        var keys = made.flatMap(MadeSecret::keys).or(() -> looked.toOptional().map(Map::keySet));
        var lacking = refs.stream()
                .filter(ref ->
                        keys.isEmpty() || (!ref.key().isEmpty() && !keys.get().contains(ref.key())))
                .toList();
        if (lacking.isEmpty()) {
            return Optional.empty();
        }
        var optional = lacking.stream().allMatch(Ref::optional);
        var clause = secret + (keys.isEmpty() ? " is not there" : " lacks " + distinct(lacking, Ref::key))
                + ", needed by " + distinct(lacking, Ref::user)
                + (optional ? " (optional)" : ", so the pod would not run");
        var finding = KmsCredentials.finding(container, clause, Remedy.credentials(secret, refs))
                .as(optional ? RuleClass.ADVISABLE : RuleClass.BROKEN);
        return Optional.of(keys.isEmpty() ? finding.on(Ground.ABSENT) : finding);
    }

    private static String distinct(List<Ref> refs, Function<Ref, String> part) {
        return refs.stream().map(part).distinct().collect(joining(" and "));
    }
}
