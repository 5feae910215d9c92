// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cluster.ClusterAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster is meant, by the options of kubectl. */
final class ClusterOption {

    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "The kubeconfig file (default: as kubectl).")
    private @Nullable Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "The context in it (default: its current one).")
    private @Nullable String context;

    boolean isGiven() {
        return kubeconfig != null || context != null;
    }

    /** How to reach it, or why not. */
    ClusterAccess access(Map<String, String> env) {
        return ClusterAccess.find(Optional.ofNullable(kubeconfig).map(Path::toFile), Optional.ofNullable(context), env);
    }

    /** How to reach it; empty where there is none, which is told. */
    Optional<ClusterAccess.Configured> find(Map<String, String> env, List<String> problems) {
        var access = access(env);
        if (access instanceof ClusterAccess.Missing missing) {
            problems.add(missing.why());
        }
        return access instanceof ClusterAccess.Configured configured ? Optional.of(configured) : Optional.empty();
    }
}
