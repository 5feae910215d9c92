// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KmsDrivers;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * The manifests of a folder that may change. A change that cannot be read whole leaves those in force that were before: half
 * a world would look as if the other half were absent. Read by many threads, refreshed by one.
 */
final class ServeManifests implements Surroundings {

    private static final String DEFAULT_NAMESPACE = "default";

    private final Path folder;
    private volatile ManifestSurroundings current = ManifestSurroundings.of(List.of(), List.of(), DEFAULT_NAMESPACE);
    private final Optional<IdentityFile> identities;
    private final Supplier<KmsDrivers> drivers;
    private String seen = "";
    private Optional<ManifestSurroundings> remembered = Optional.empty();
    private LocalDate day = LocalDate.EPOCH;
    private Optional<String> problem = Optional.empty();

    /**
     * @param identities where what was seen is remembered, if anywhere; already open
     * @param drivers which settings of a KMS driver decide where its keys are, by the policy in force
     */
    ServeManifests(Path folder, Optional<IdentityFile> identities, Supplier<KmsDrivers> drivers) {
        this.drivers = drivers;
        this.folder = folder;
        this.identities = identities;
    }

    Path folder() {
        return folder;
    }

    /**
     * Reads the folder if it changed since the last time.
     *
     * @return what keeps it from being read whole, in one sentence
     */
    Optional<String> refresh() {
        var now = fingerprint();
        if (!now.equals(seen)) {
            seen = now;
            var reading = ManifestFiles.read(List.of(folder.toString()), InputStream.nullInputStream());
            var world = ManifestSurroundings.of(reading.manifests(), List.of(), DEFAULT_NAMESPACE);
            var problems = new ArrayList<>(reading.problems());
            problems.addAll(world.problems());
            problem = problems.stream().findFirst().map(first -> sentence(first, problems.size() - 1));
            if (problem.isEmpty()) {
                current = world;
            }
        }
        return problem;
    }

    /**
     * Remembers what runs, once a change and once a day, and again as long as that fails.
     *
     * @return why it could not be written, in one sentence
     */
    Optional<String> remember() {
        var today = LocalDate.now(ZoneOffset.UTC);
        if (identities.isEmpty() || (remembered.equals(Optional.of(current)) && day.equals(today))) {
            return Optional.empty();
        }
        var trouble = identities.get().update(this, today, drivers.get());
        if (trouble.isEmpty()) {
            remembered = Optional.of(current);
            day = today;
        }
        return trouble;
    }

    private static String sentence(ManifestProblem first, int more) {
        return Places.of(first) + (more > 0 ? " (and " + more + " more)" : "") + ".";
    }

    private String fingerprint() {
        var files = new TreeSet<String>();
        try (var paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            paths.filter(Files::isRegularFile).forEach(file -> files.add(fingerprint(file)));
        } catch (IOException | UncheckedIOException unreadable) {
            // Reading it will say the same in more words.
            files.add("unreadable");
        }
        return String.join("\n", files);
    }

    private static String fingerprint(Path file) {
        try {
            return file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
        } catch (IOException gone) {
            return file + " gone";
        }
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        return current.get(ref, deadline);
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return current.workloads(namespace, deadline);
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return current.governanceSecrets(name, deadline);
    }

    @Override
    public Lookup<List<GovernanceSecret>> holders(Set<String> fingerprints, SecretNames names, Deadline deadline) {
        return current.holders(fingerprints, names, deadline);
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return current.workloads(deadline);
    }

    @Override
    public Lookup<List<Sighting>> remembered(Deadline deadline) {
        return Lookup.found(identities.map(file -> file.memory().sightings()).orElse(List.of()));
    }
}
