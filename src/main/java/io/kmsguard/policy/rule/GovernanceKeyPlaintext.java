// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.GovernanceRefs;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.AdditionalConfig;
import io.kmsguard.splice.CometBftNode.KeySource;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvValue;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A private governance key as plain text in a workload: everybody who may read the Deployment, the Helm release or an
 * audit log has it. References that the bank-vaults webhook resolves in the pod ({@code vault:…}) are fine.
 */
final class GovernanceKeyPlaintext implements Rule {

    private static final RuleInfo INFO = new RuleInfo(
            "governance-key-plaintext", RuleClass.IRREVERSIBLE, "a private governance key as plain text in a workload");
    private static final String FIX = "make a new pair (%s) and refer to its Secret"
            + " (cometBFT.externalGovernanceKey, without secretOverrides); the one in plain text is known to every reader"
            + " of the Deployment, its Helm release and the audit log";

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload()
                .ifPresent(workload -> workload.containers(Role.SV_APP)
                        .forEach(container -> check(
                                container,
                                subject.names().generateCommand(subject.ref().namespace()),
                                findings)));
        return findings;
    }

    private static void check(Container container, String newPair, List<Finding> findings) {
        var where = "container " + container.name() + ": ";
        for (var variable : GovernanceRefs.privateKeys(container)) {
            if (variable.value() instanceof EnvValue.Literal literal && isKey(KeyText.of(literal.value()))) {
                findings.add(Finding.seen(
                        INFO,
                        container.name() + " " + variable.name(),
                        where + "env " + variable.name() + " holds the private governance key as plain text",
                        String.format(FIX, newPair),
                        variable.path()));
            }
        }
        var written = written(container);
        for (var node : container.cometBftNodes()) {
            if (node.privateKey() instanceof KeySource.Inline inline && isKey(inline.text()) && written.isPresent()) {
                findings.add(Finding.seen(
                        INFO,
                        container.name() + " " + node.name(),
                        where + "env " + written.get().name() + " holds the private governance key of CometBFT node "
                                + node.name() + " as plain text",
                        String.format(FIX, newPair),
                        written.get().path()));
            }
        }
    }

    /** The env var with a private key in its configuration; one that takes its text from a Secret shows nothing. */
    private static Optional<EnvVar> written(Container container) {
        return container.env().stream()
                .filter(variable -> variable.name().startsWith(AdditionalConfig.PREFIX))
                .filter(variable -> variable.value() instanceof EnvValue.Literal literal
                        && literal.value().contains("private-key"))
                .findFirst();
    }

    private static boolean isKey(KeyText text) {
        return !text.isEmpty() && !text.isVaultReference();
    }
}
