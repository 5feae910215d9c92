// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.ChartValues;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.CredentialSources;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.util.List;
import java.util.stream.Collectors;

/** The ways out that several rules name: commands, and values keys ({@link ChartValues}). */
final class Remedy {

    private Remedy() {}

    /** For a governance key Secret that is filled from another one. */
    static String source(SecretNames names) {
        return "see that its source holds the keys " + names.publicKey() + " and " + names.privateKey();
    }

    /** Sets the flag for one node of an SV app, and says what it needs. */
    static String flag(Workload svApp, CometBftNode node, SecretNames names) {
        return "set " + ChartValues.governanceKeys(svApp.chart(), List.of(node.name()))
                + ", inside cometBFT and not beside it, and have Secret "
                + names.governance() + " with keys " + names.publicKey() + " and " + names.privateKey()
                + " in namespace "
                + svApp.ref().namespace();
    }

    /** Makes the Secret: from the pair that the operator has, or with a new one. */
    static String secret(String namespace, SecretNames names) {
        return "make it from the file that the guide's key script printed: " + fromKeyFile(namespace, names)
                + "; or with a new pair: " + names.generateCommand(namespace);
    }

    /** Makes a new pair, and the Secret with it. */
    static String newPair(String namespace, SecretNames names) {
        return "make a pair of your own: " + names.generateCommand(namespace);
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
