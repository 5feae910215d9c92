// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The folder {@code ../shared/corpus}: what the real charts render. It is beside the project, not in it. */
final class Corpus {

    private static final Path FOLDER = Path.of("..", "shared", "corpus");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, Scenario> READ = new ConcurrentHashMap<>();

    private Corpus() {}

    static void assumePresent(Class<?> test) {
        if (!Files.isDirectory(FOLDER)) {
            System.out.println("SKIPPED: " + test.getSimpleName() + ": there is no folder " + FOLDER);
        }
        assumeTrue(Files.isDirectory(FOLDER), "there is no folder " + FOLDER);
    }

    static List<String> releases() {
        return list(FOLDER).stream().map(path -> path.getFileName().toString()).toList();
    }

    static List<String> names(String release) {
        return list(FOLDER.resolve(release)).stream()
                .map(path -> path.getFileName().toString().replace(".yaml", ""))
                .toList();
    }

    /** The objects of one file. */
    record Scenario(List<JsonNode> objects) {

        List<JsonNode> workloads() {
            return objects.stream()
                    .filter(object -> object.path("kind").asString().equals("Deployment"))
                    .toList();
        }

        /** Its one workload. */
        JsonNode workload() {
            assert workloads().size() == 1;
            return workloads().get(0);
        }

        Surroundings world() {
            return new World(objects);
        }

        /** The same with its workload named so, as updates keep the name. */
        Scenario named(String name) {
            var copies = objects.stream().map(JsonNode::deepCopy).toList();
            copies.forEach(object -> ((ObjectNode) object.path("metadata")).put("name", name));
            return new Scenario(copies);
        }
    }

    static Scenario read(String release, String name) {
        return READ.computeIfAbsent(release + "/" + name + ".yaml", file -> {
            try {
                var objects = new ArrayList<JsonNode>();
                for (var document : new Yaml().loadAll(Files.readString(FOLDER.resolve(file)))) {
                    objects.add(JSON.valueToTree(document));
                }
                return new Scenario(List.copyOf(objects));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        });
    }

    /** A cluster with both, and the Secret where there is one. */
    static Surroundings world(Scenario one, Scenario other, Optional<JsonNode> secret) {
        var objects = new ArrayList<>(one.objects());
        objects.addAll(other.objects());
        secret.ifPresent(objects::add);
        return new World(objects);
    }

    private static List<Path> list(Path folder) {
        try (var paths = Files.list(folder)) {
            return paths.sorted().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private record World(List<JsonNode> objects) implements Surroundings {
        @Override
        public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
            if (ref.kind().equals("Namespace")) {
                return Lookup.found(JSON.createObjectNode());
            }
            return objects.stream()
                    .filter(object -> object.path("kind").asString().equals(ref.kind())
                            && object.path("metadata").path("name").asString().equals(ref.name()))
                    .findFirst()
                    .map(Lookup::found)
                    .orElseGet(Lookup::absent);
        }

        @Override
        public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
            return Lookup.found(objects.stream()
                    .filter(object -> object.path("kind").asString().equals("Deployment"))
                    .map(object -> ((WorkloadReader.Reading.Read) WorkloadReader.read(object, namespace)).workload())
                    .toList());
        }

        @Override
        public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
            return Lookup.found(objects.stream()
                    .filter(object -> object.path("kind").asString().equals("Secret")
                            && object.path("metadata").path("name").asString().equals(name))
                    .map(object -> GovernanceSecret.read(object, "sv"))
                    .toList());
        }

        @Override
        public Lookup<List<Workload>> workloads(Deadline deadline) {
            return workloads("sv", deadline);
        }
    }
}
