// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cluster.Installation;
import io.kmsguard.splice.KubernetesNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which installation of the guard is meant. */
final class InstallationOption {

    /** Where a kubelet writes down what namespace a pod is in. */
    private static final Path OF_THE_POD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

    @Option(
            names = "--installed-as",
            paramLabel = "NAME",
            description = "The name of an installation in the cluster: of its Service, Lease and webhook"
                    + " configurations. The guard looks after them, and serves with certificates of its own where no"
                    + " others are given.")
    private @Nullable String name;

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            description = "The installation's namespace (default: POD_NAMESPACE, else that of the pod).")
    private @Nullable String namespace;

    /** The installation; empty where none is named, or where something is wrong, and then it is told. */
    Optional<Installation> read(Map<String, String> env, List<String> problems) {
        if (name == null) {
            if (namespace != null) {
                problems.add("--namespace needs --installed-as NAME.");
            }
            return Optional.empty();
        }
        var where = Optional.ofNullable(namespace)
                .or(() -> Optional.ofNullable(env.get("POD_NAMESPACE")))
                .or(InstallationOption::ofThePod)
                .map(String::strip);
        if (where.isEmpty()) {
            problems.add("--installed-as needs --namespace NAMESPACE: this is no pod of a cluster.");
            return Optional.empty();
        }
        for (var each : List.of(name, where.get())) {
            if (!KubernetesNames.isLabel(each)) {
                problems.add("'" + each + "' is no name of a Service or a namespace in Kubernetes.");
                return Optional.empty();
            }
        }
        return Optional.of(new Installation(where.get(), name));
    }

    private static Optional<String> ofThePod() {
        try {
            return Files.exists(OF_THE_POD)
                    ? Optional.of(Files.readString(OF_THE_POD, StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
