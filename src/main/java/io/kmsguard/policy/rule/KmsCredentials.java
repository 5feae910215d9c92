// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CredentialSources;
import io.kmsguard.splice.CredentialSources.Ref;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A KMS participant whose credentials cannot be there: a Secret or a key of it that the pod refers to is absent. Only a
 * warning where nothing is wired, or not whole: GKE and EKS can bind an identity to a pod without a trace in the manifests,
 * and webhooks can fill files in.
 */
final class KmsCredentials implements Rule {

    private static final RuleInfo INFO =
            new RuleInfo("kms-credentials", RuleClass.BROKEN, "a KMS participant whose credentials are not there");

    private static final String WIRE =
            "wire the credentials as the sample values of splice-participant do; fine as it is"
                    + " where the cluster provides them by other means";

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        for (var workload : subject.workload().stream().toList()) {
            for (var container : workload.containers(Role.PARTICIPANT)) {
                KmsState.of(container).kms().stream()
                        .flatMap(kms -> CredentialSources.of(kms, workload, container).stream())
                        .distinct()
                        .forEach(sources -> check(subject, container, sources, findings));
            }
        }
        return findings;
    }

    private static void check(Subject subject, Container container, CredentialSources sources, List<Finding> findings) {
        sources.dangling()
                .ifPresent(
                        clause -> findings.add(finding(container, clause, WIRE).as(RuleClass.ADVISABLE)));
        sources.refs().stream().map(Ref::secret).distinct().forEach(name -> {
            var refs = sources.refs().stream()
                    .filter(ref -> ref.secret().equals(name))
                    .toList();
            var secret = new ObjectRef("Secret", subject.ref().namespace(), name);
            CredentialSecret.check(subject, container, secret, refs).ifPresent(findings::add);
        });
        if (sources.isEmpty()) {
            unwired(subject, container, sources).ifPresent(findings::add);
        }
    }

    private static Optional<Finding> unwired(Subject subject, Container container, CredentialSources sources) {
        var account = new ObjectRef(
                "ServiceAccount",
                subject.ref().namespace(),
                subject.workload().orElseThrow().serviceAccount());
        var annotations = subject.facts().serviceAccount(account);
        if (annotations
                .toOptional()
                .filter(found -> found.containsKey(sources.annotation()))
                .isPresent()) {
            return Optional.empty();
        }
        var identity = annotations instanceof Lookup.Unknown<?>
                ? account + " could not be read"
                : account + " has no annotation " + sources.annotation();
        var clause = "no credentials for " + sources.provider() + " are wired, and " + identity;
        return Optional.of(finding(container, clause, WIRE).as(RuleClass.ADVISABLE));
    }

    /** One finding about a container, as bad as the rule. */
    static Finding finding(Container container, String clause, String fix) {
        var message = "container " + container.name() + ": " + clause;
        return Finding.seen(INFO, message, message, fix, container.path() + "/env");
    }
}
