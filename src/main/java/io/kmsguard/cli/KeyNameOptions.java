// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.KubernetesNames;
import io.kmsguard.splice.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which Secret the governance key is in, and under which keys: of the policy file, unless said otherwise. */
final class KeyNameOptions {

    /** What Kubernetes allows. */
    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "The SV's namespace (default: none, so that kubectl takes its own).")
    private @Nullable String namespace;

    @Option(
            names = "--name",
            paramLabel = "SECRET",
            description = "The Secret (default: that of the policy file, else splice-app-sv-cometbft-governance-key).")
    private @Nullable String name;

    @Option(
            names = "--keys",
            paramLabel = "PUBLIC,PRIVATE",
            description = "The keys of the Secret (default: those of the policy file, else public,private).")
    private @Nullable String keys;

    @Mixin
    private final PolicyOption policy = new PolicyOption();

    /** The namespace; empty for kubectl's own. */
    String namespace() {
        var chosen = namespace == null ? "" : namespace;
        if (!chosen.isEmpty() && !KubernetesNames.isLabel(chosen)) {
            throw new ParameterException(spec.commandLine(), "a namespace cannot be named " + quoted(chosen));
        }
        return chosen;
    }

    /**
     * The names.
     *
     * @throws ParameterException where Kubernetes would refuse them, or the policy file cannot be read
     */
    SecretNames names() {
        var problems = new ArrayList<String>();
        var usual = policy.read(problems).secrets();
        if (!problems.isEmpty()) {
            throw new ParameterException(spec.commandLine(), String.join("; ", problems));
        }
        var pair = keys == null ? List.of(usual.publicKey(), usual.privateKey()) : List.of(keys.split(",", -1));
        if (pair.size() != 2 || pair.get(0).equals(pair.get(1))) {
            throw new ParameterException(
                    spec.commandLine(), "--keys takes two names, as in --keys public,private, and not " + quoted(keys));
        }
        for (var key : pair) {
            if (!KEY.matcher(key).matches()) {
                throw new ParameterException(spec.commandLine(), "a key of a Secret cannot be named " + quoted(key));
            }
        }
        var secret = name == null ? usual.governance() : name;
        if (!KubernetesNames.isSubdomain(secret)) {
            throw new ParameterException(spec.commandLine(), "a Secret cannot be named " + quoted(secret));
        }
        return usual.withGovernance(secret, pair.get(0), pair.get(1));
    }

    /** How to speak of the Secret. */
    String label(SecretNames names) {
        return namespace().isEmpty()
                ? "Secret " + names.governance()
                : new ObjectRef("Secret", namespace(), names.governance()).toString();
    }

    /** The start of a kubectl command in that namespace. */
    String kubectl() {
        return namespace().isEmpty() ? "kubectl" : "kubectl -n " + namespace();
    }

    private static String quoted(@Nullable String name) {
        return "\"" + name + "\"";
    }
}
