// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The binaries of a control plane and of Helm, where {@code KUBEBUILDER_ASSETS} says; {@code .ci/kube-assets} makes them.
 *
 * @param folder where they are
 */
record KubeAssets(Path folder) {

    private static final String VARIABLE = "KUBEBUILDER_ASSETS";
    private static final List<String> BINARIES = List.of(
            "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "kubectl", "helm3", "helm4");

    /** Where they are; the test that asks is skipped where they are not. */
    static KubeAssets find() {
        var variable = System.getenv(VARIABLE);
        assumeTrue(
                variable != null && !variable.isBlank(),
                "no control plane: " + VARIABLE + " is not set (make one with .ci/kube-assets)");
        var folder = Path.of(variable);
        var missing = BINARIES.stream()
                .filter(name -> !Files.isExecutable(folder.resolve(name)))
                .toList();
        // Named and not there is a mistake, not an absence.
        if (!missing.isEmpty()) {
            throw new AssertionError(VARIABLE + "=" + folder + " lacks " + String.join(", ", missing));
        }
        return new KubeAssets(folder);
    }

    String binary(String name) {
        return folder.resolve(name).toString();
    }

    /** What kwok makes nodes and pods do. */
    List<Path> stages() throws java.io.IOException {
        try (Stream<Path> files = Files.list(folder.resolve("stages"))) {
            return files.sorted().toList();
        }
    }
}
