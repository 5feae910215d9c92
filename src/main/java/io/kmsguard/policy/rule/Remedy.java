// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.CredentialSources;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.SpliceVersion;
import io.kmsguard.splice.Workload;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ways out that several rules name: commands, and values keys by the release of the chart. */
final class Remedy {

    /** From here on the splice-sv-node chart has a {@code synchronizers} value. */
    private static final SpliceVersion SYNCHRONIZERS = SpliceVersion.of(0, 6, 0);

    private static final String ADDITIONAL_LEGACY = "additional-legacy.";

    private Remedy() {}

    /** Sets the flag for one node of an SV app, and says what it needs. */
    static String flag(Workload svApp, CometBftNode node, SecretNames names) {
        return "set " + flagKey(svApp.version(), node.name()) + ": true in the values of splice-sv-node"
                + chart(svApp.version()) + ", inside cometBFT and not beside it, and have Secret "
                + names.governance() + " with keys " + names.publicKey() + " and " + names.privateKey()
                + " in namespace "
                + svApp.ref().namespace();
    }

    private static String flagKey(Optional<SpliceVersion> version, String node) {
        if (version.isPresent() && version.get().isBeforeLine(SYNCHRONIZERS.major(), SYNCHRONIZERS.minor())) {
            return "cometBFT.externalGovernanceKey";
        }
        var synchronizer = node.startsWith(ADDITIONAL_LEGACY)
                ? "additionalLegacy[" + node.substring(ADDITIONAL_LEGACY.length()) + "]"
                : node;
        return "synchronizers." + synchronizer + ".cometBFT.externalGovernanceKey";
    }

    private static String chart(Optional<SpliceVersion> version) {
        return version.map(v -> " " + v).orElse("");
    }

    /** Makes the Secret: from the pair that the operator has, or with a new one. */
    static String secret(String namespace, SecretNames names) {
        return "make it from the file that the guide's key script printed: " + fromKeyFile(namespace, names)
                + "; or with a new pair: " + generate(namespace, names);
    }

    /** Makes a new pair, and the Secret with it. */
    static String newPair(String namespace, SecretNames names) {
        return "make a pair of your own: " + generate(namespace, names);
    }

    /** The command that makes a new pair and stores it. */
    static String generate(String namespace, SecretNames names) {
        var usual = SecretNames.DEFAULT;
        var isUsual = names.publicKey().equals(usual.publicKey())
                && names.privateKey().equals(usual.privateKey());
        return "kms-guard keys generate -n " + namespace
                + (names.governance().equals(usual.governance()) ? "" : " --name " + names.governance())
                + (isUsual ? "" : " --keys " + names.publicKey() + "," + names.privateKey())
                + " | kubectl apply -f -";
    }

    /** Makes a Secret with the credentials of a KMS. */
    static String credentials(ObjectRef secret, List<CredentialSources.Ref> refs) {
        return "make it from what your cloud provider gave you: kubectl -n " + secret.namespace()
                + " create secret generic " + secret.name() + " "
                + refs.stream().map(CredentialSources.Ref::argument).distinct().collect(Collectors.joining(" "))
                + " --dry-run=client -o yaml | kubectl apply -f -";
    }

    /** Looks at a Secret that the guard may not read. */
    static String look(ObjectRef secret) {
        return "look yourself: kubectl -n " + secret.namespace() + " get secret " + secret.name();
    }

    /** The script names the fields publicKey and privateKey; the guide's sample of its output, public and private. */
    private static String fromKeyFile(String namespace, SecretNames names) {
        return "kubectl -n " + namespace + " create secret generic " + names.governance()
                + literal(names.publicKey(), ".publicKey//.public")
                + literal(names.privateKey(), ".privateKey//.private")
                + " --dry-run=client -o yaml | kubectl apply -f -";
    }

    private static String literal(String key, String fields) {
        return " --from-literal=" + key + "=\"$(jq -r '" + fields + "' FILE)\"";
    }
}
