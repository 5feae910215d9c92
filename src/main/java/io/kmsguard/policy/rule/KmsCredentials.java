// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CredentialSources;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A KMS participant whose credentials cannot be there: a Secret or a key of it that the pod refers to is absent, or
 * nothing is wired and no identity is known. The latter is only a warning: GKE and EKS can bind an identity to a pod
 * without a trace in the manifests.
 */
final class KmsCredentials implements Rule {

    private static final RuleInfo INFO =
            new RuleInfo("kms-credentials", RuleClass.BROKEN, "a KMS participant whose credentials are not there");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload().ifPresent(workload -> {
            for (var container : workload.containers(Role.PARTICIPANT)) {
                for (var kms : KmsState.of(container).kms()) {
                    CredentialSources.of(kms, workload, container)
                            .ifPresent(sources -> check(subject, container, sources, findings));
                }
            }
        });
        return findings;
    }

    private static void check(Subject subject, Container container, CredentialSources sources, List<Finding> findings) {
        sources.dangling()
                .ifPresent(clause -> findings.add(finding(
                        container, clause, "mount the Secret with the credentials there, as the sample values do")));
        for (var ref : sources.refs()) {
            secret(subject, container, ref).ifPresent(findings::add);
        }
        if (sources.isEmpty()) {
            unwired(subject, container, sources).ifPresent(findings::add);
        }
    }

    private static Optional<Finding> secret(Subject subject, Container container, CredentialSources.Ref ref) {
        var secret = new ObjectRef("Secret", subject.ref().namespace(), ref.secret());
        var looked = subject.facts().secret(secret);
        if (looked instanceof Lookup.Found<Map<String, KeyText>> found) {
            return found.value().containsKey(ref.key()) || ref.key().isEmpty()
                    ? Optional.empty()
                    : Optional.of(finding(
                            container,
                            ref.user() + " needs key " + ref.key() + " of " + secret + ", which it lacks",
                            "add the key " + ref.key() + " to " + secret));
        }
        if (looked instanceof Lookup.Unknown<Map<String, KeyText>> unknown) {
            // The guard may read the Secrets of the samples only; one by another name is not for it to refuse.
            return Optional.of(finding(
                            container,
                            "whether " + secret + ", which " + ref.user() + " needs, is there could not be told: "
                                    + unknown.why(),
                            "look yourself: kubectl -n " + secret.namespace() + " get secret " + secret.name())
                    .as(RuleClass.ADVISABLE)
                    .on(Ground.UNKNOWN));
        }
        return Optional.of(finding(
                        container,
                        ref.user() + " needs " + secret + ", which is not there, so the pod would not start",
                        "make it before the participant: kubectl -n " + secret.namespace() + " create secret generic "
                                + secret.name() + " …")
                .on(Ground.ABSENT));
    }

    private static Optional<Finding> unwired(Subject subject, Container container, CredentialSources sources) {
        var workload = subject.workload().orElseThrow();
        var account = new ObjectRef("ServiceAccount", workload.ref().namespace(), workload.serviceAccount());
        var bound = subject.facts()
                .serviceAccount(account)
                .toOptional()
                .filter(annotations -> annotations.containsKey(sources.annotation()));
        return bound.isPresent()
                ? Optional.empty()
                : Optional.of(finding(
                                container,
                                "no credentials for " + sources.provider() + " are wired, and " + account
                                        + " has no annotation " + sources.annotation(),
                                "nothing, if the cluster binds an identity to " + account + " by other means; else wire"
                                        + " the credentials as the sample values do")
                        .as(RuleClass.ADVISABLE));
    }

    private static Finding finding(Container container, String clause, String fix) {
        return Finding.seen(
                INFO,
                container.name() + " " + clause,
                "container " + container.name() + ": " + clause,
                fix,
                container.path() + "/env");
    }
}
