// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.IdentityMemory;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterClient;
import io.kmsguard.cluster.ClusterSurroundings;
import io.kmsguard.cluster.Installation;
import io.kmsguard.cluster.Outcome;
import io.kmsguard.cluster.RememberedIdentities;
import io.kmsguard.policy.Lookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which identity memory is meant: that of an installation in a cluster, or one in a file. */
final class IdentitiesTarget {

    private static final Duration ASK = Duration.ofSeconds(30);

    @Option(
            names = "--identities",
            paramLabel = "FILE",
            description = "A memory in a file, as kms-guard serve --identities keeps it. Stop that process before it is"
                    + " changed.")
    private @Nullable Path file;

    @Mixin
    private final InstallationOption installation = new InstallationOption();

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    /** Looks at the memory; empty where that cannot be done, which is told. */
    Optional<IdentityMemory> read(Map<String, String> env, List<String> problems) {
        return change(env, UnaryOperator.identity(), problems);
    }

    /**
     * Changes the memory, unless somebody else does so at the same time.
     *
     * @param change from the memory as it is; what it leaves as it is is not written
     * @return the memory after it; empty where that cannot be done, which is told
     */
    Optional<IdentityMemory> change(
            Map<String, String> env, UnaryOperator<IdentityMemory> change, List<String> problems) {
        var installed = installation.read(env, problems);
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        if (installed.isPresent() == (file != null)) {
            problems.add("Say which memory: --installed-as NAME for that of an installation in a cluster, or"
                    + " --identities FILE.");
            return Optional.empty();
        }
        if (file != null) {
            return inFile(file, change, problems);
        }
        var access = cluster.find(env, problems);
        return access.isEmpty() ? Optional.empty() : inCluster(installed.orElseThrow(), access.get(), change, problems);
    }

    private static Optional<IdentityMemory> inFile(
            Path file, UnaryOperator<IdentityMemory> change, List<String> problems) {
        if (Files.notExists(file)) {
            problems.add(file + ": there is no such file.");
            return Optional.empty();
        }
        var kept = new IdentityFile(file);
        kept.open().forEach(problem -> problems.add(problem + "."));
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        var changed = change.apply(kept.memory());
        if (!changed.equals(kept.memory())) {
            kept.replace(changed).ifPresent(problems::add);
        }
        return problems.isEmpty() ? Optional.of(changed) : Optional.empty();
    }

    private static Optional<IdentityMemory> inCluster(
            Installation installed,
            ClusterAccess.Configured access,
            UnaryOperator<IdentityMemory> change,
            List<String> problems) {
        try (var surroundings = ClusterSurroundings.of(access);
                var client = ClusterClient.of(access)) {
            var identities = RememberedIdentities.of(surroundings, installed);
            var reading = identities.read(Deadline.in(ASK));
            if (!(reading instanceof Lookup.Found<RememberedIdentities.Held> found)) {
                problems.add("In " + access.where() + ": " + ((Lookup.Unknown<RememberedIdentities.Held>) reading).why()
                        + ".");
                return Optional.empty();
            }
            var changed = change.apply(found.value().memory());
            if (!changed.equals(found.value().memory())) {
                var outcome = identities.write(client, found.value(), changed);
                if (outcome instanceof Outcome.Trouble failed) {
                    problems.add("In " + access.where() + ": " + failed.why() + ".");
                } else if (outcome instanceof Outcome.Overtaken) {
                    problems.add("Something else has changed the memory at the same time, so nothing was written."
                            + " Say it again.");
                }
            }
            return problems.isEmpty() ? Optional.of(changed) : Optional.empty();
        }
    }
}
