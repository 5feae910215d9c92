// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.maker.MadeSecret;
import io.kmsguard.maker.SecretMakers;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.PodTemplate;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A world of manifests: what is in one of them is there, everything else is absent, but for namespaces, of which few folders
 * have a manifest. Safe for use by many threads.
 */
public final class ManifestSurroundings implements Surroundings {

    private static final Set<String> COMPANIONS =
            Set.of("Service", "Secret", "ConfigMap", "ServiceAccount", "Namespace");

    private final Map<ObjectRef, JsonNode> companions = new HashMap<>();
    private final SecretMakers makers;
    private final List<String> webhooks;
    private final List<Workload> workloads;
    private final Map<String, List<Workload>> byNamespace;
    private final Set<ObjectRef> running;
    private final ManifestUsers users;
    private final Map<SecretNames, SecretsByKey> byKey = new ConcurrentHashMap<>();
    private final ManifestParticipants earlier;
    private final List<ManifestProblem> problems;
    private final Optional<ManifestSurroundings> before;

    private ManifestSurroundings(
            Collection<Manifest> manifests,
            Map<ObjectRef, Manifest> before,
            String defaultNamespace,
            List<ManifestProblem> problems) {
        this.running = Set.copyOf(before.keySet());
        this.earlier = new ManifestParticipants(workloads(before.values(), defaultNamespace));
        for (var manifest : manifests) {
            if (isCompanion(manifest)) {
                companions.put(ref(manifest, defaultNamespace), manifest.object());
            }
        }
        this.makers = new SecretMakers(manifests.stream().map(Manifest::object), defaultNamespace);
        this.webhooks = manifests.stream()
                .filter(ManifestSurroundings::isWebhook)
                .map(manifest -> manifest.ref(defaultNamespace).name() + " "
                        + String.join(" ", manifest.object().path("webhooks").findValuesAsString("name")))
                .toList();
        this.workloads = workloads(manifests, defaultNamespace);
        this.byNamespace = workloads.stream()
                .collect(Collectors.groupingBy(workload -> workload.ref().namespace()));
        this.users = ManifestUsers.of(workloads, companions);
        this.problems = List.copyOf(problems);
        this.before = before.isEmpty()
                ? Optional.empty()
                : Optional.of(new ManifestSurroundings(before.values(), Map.of(), defaultNamespace, List.of()));
    }

    /**
     * A world of what is applied now, over what was there before.
     *
     * @param now the manifests that are applied along with each other; of two for one object, the later one is there
     * @param before what is there already and stays unless {@code now} replaces it
     * @param defaultNamespace for objects that name none
     */
    public static ManifestSurroundings of(List<Manifest> now, List<Manifest> before, String defaultNamespace) {
        var problems = new ArrayList<ManifestProblem>();
        var running = index(before, defaultNamespace, problems);
        var world = new LinkedHashMap<>(running);
        world.putAll(index(now, defaultNamespace, problems));
        now.stream()
                .filter(manifest -> manifest.operation() == Operation.DELETE)
                .forEach(manifest -> world.remove(ref(manifest, defaultNamespace)));
        return new ManifestSurroundings(world.values(), running, defaultNamespace, problems);
    }

    private static Map<ObjectRef, Manifest> index(
            List<Manifest> manifests, String defaultNamespace, List<ManifestProblem> problems) {
        var index = new LinkedHashMap<ObjectRef, Manifest>();
        for (var manifest : manifests) {
            if (manifest.operation() == Operation.DELETE
                    || !(isCompanion(manifest)
                            || isWorkload(manifest)
                            || isWebhook(manifest)
                            || SecretMakers.isMaker(manifest.object()))) {
                continue;
            }
            var ref = ref(manifest, defaultNamespace);
            var earlier = index.put(ref, manifest);
            if (earlier != null && !earlier.object().equals(manifest.object())) {
                problems.add(new ManifestProblem(
                        manifest.file(),
                        manifest.line(),
                        ref + " is given again, and not as in " + earlier.file() + ":" + earlier.line()
                                + "; the other objects are judged beside this later one"));
            }
        }
        return index;
    }

    private static ObjectRef ref(Manifest manifest, String defaultNamespace) {
        var ref = manifest.ref(defaultNamespace);
        return manifest.kind().equals("Namespace") ? ObjectRef.ofNamespace(ref.name()) : ref;
    }

    /** The objects that stand there more than once. */
    public List<ManifestProblem> problems() {
        return problems;
    }

    /** Whether a manifest runs pods of its own accord. */
    public static boolean isWorkload(Manifest manifest) {
        return PodTemplate.isIn(manifest.object());
    }

    private static boolean isCompanion(Manifest manifest) {
        return COMPANIONS.contains(manifest.kind()) && manifest.apiVersion().equals("v1");
    }

    private static boolean isWebhook(Manifest manifest) {
        return manifest.kind().equals("MutatingWebhookConfiguration")
                && manifest.apiVersion().startsWith("admissionregistration.k8s.io/");
    }

    private static List<Workload> workloads(Collection<Manifest> manifests, String defaultNamespace) {
        return manifests.parallelStream()
                .filter(ManifestSurroundings::isWorkload)
                .map(manifest -> workload(manifest, defaultNamespace))
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable Workload workload(Manifest manifest, String defaultNamespace) {
        var namespace = manifest.ref(defaultNamespace).namespace();
        return WorkloadReader.read(manifest.object(), namespace) instanceof WorkloadReader.Reading.Read read
                ? read.workload()
                : null;
    }

    @Override
    public boolean isWhole() {
        return false;
    }

    /** What was given as before, and nothing else. */
    @Override
    public Surroundings before() {
        return before.isPresent() ? before.get() : this;
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        var object = companions.get(ref);
        if (object == null && ref.equals(ObjectRef.ofNamespace(ref.name()))) {
            return Lookup.found(JsonNodeFactory.instance.objectNode());
        }
        return object == null ? Lookup.absent() : Lookup.found(object);
    }

    @Override
    public Lookup<MadeSecret> maker(ObjectRef secret, Deadline deadline) {
        return makers.of(secret).map(Lookup::found).orElseGet(Lookup::absent);
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return Lookup.found(secrets(name));
    }

    private List<GovernanceSecret> secrets(String name) {
        return companions.entrySet().stream()
                .filter(entry -> entry.getKey().kind().equals("Secret")
                        && entry.getKey().name().equals(name))
                .map(entry ->
                        GovernanceSecret.read(entry.getValue(), entry.getKey().namespace()))
                .sorted(Comparator.comparing(secret -> secret.ref().namespace()))
                .toList();
    }

    @Override
    public Lookup<List<GovernanceSecret>> holders(Set<String> fingerprints, SecretNames names, Deadline deadline) {
        return Lookup.found(byKey.computeIfAbsent(names, n -> new SecretsByKey(secrets(n.governance()), n))
                .holders(fingerprints));
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return Lookup.found(byNamespace.getOrDefault(namespace, List.of()));
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return Lookup.found(workloads);
    }

    /** Few folders have any: where there is none, nobody can tell. */
    @Override
    public Lookup<List<String>> mutatingWebhooks(Deadline deadline) {
        return webhooks.isEmpty() ? Lookup.absent() : Lookup.found(webhooks);
    }

    @Override
    public boolean isRunning(ObjectRef workload) {
        return running.contains(workload);
    }

    @Override
    public Lookup<List<Workload>> users(String namespace, Deadline deadline) {
        return Lookup.found(users.of(namespace));
    }

    /** As they were before, whatever becomes of them now. */
    @Override
    public Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        return Lookup.found(earlier.of(databases, namespace));
    }
}
