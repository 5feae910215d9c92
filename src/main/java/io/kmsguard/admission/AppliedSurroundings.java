// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.maker.MadeSecret;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** A live world as it is once manifests are applied to it: what they name is as they say, all else as it is. */
public final class AppliedSurroundings implements Surroundings {

    /** How long one question of {@link #isRunning}, which has no deadline of its own, may take. */
    private static final Duration IN_TIME = Duration.ofSeconds(10);

    private final Surroundings live;
    private final ManifestSurroundings manifests;
    private final Set<ObjectRef> given = new HashSet<>();
    private final Set<ObjectRef> deleted = new HashSet<>();

    /**
     * Asks for nothing yet.
     *
     * @param live what is there, the Deployments and StatefulSets by name included
     * @param defaultNamespace for objects that name none
     */
    public AppliedSurroundings(Surroundings live, List<Manifest> manifests, String defaultNamespace) {
        this.live = live;
        this.manifests = ManifestSurroundings.of(manifests, List.of(), defaultNamespace);
        for (var manifest : manifests) {
            var ref = manifest.ref(defaultNamespace);
            given.add(manifest.kind().equals("Namespace") ? ObjectRef.ofNamespace(ref.name()) : ref);
            if (manifest.operation() == Operation.DELETE) {
                deleted.add(ref);
            }
        }
    }

    /** The objects that the manifests give more than once. */
    public List<ManifestProblem> problems() {
        return manifests.problems();
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        return given.contains(ref) ? manifests.get(ref, deadline) : live.get(ref, deadline);
    }

    @Override
    public Lookup<MadeSecret> maker(ObjectRef secret, Deadline deadline) {
        var applied = manifests.maker(secret, deadline);
        return applied instanceof Lookup.Absent ? live.maker(secret, deadline) : applied;
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return both(live.workloads(namespace, deadline), manifests.workloads(namespace, deadline), Workload::ref);
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return both(live.workloads(deadline), manifests.workloads(deadline), Workload::ref);
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return both(
                live.governanceSecrets(name, deadline),
                manifests.governanceSecrets(name, deadline),
                GovernanceSecret::ref);
    }

    @Override
    public Lookup<List<GovernanceSecret>> holders(Set<String> fingerprints, SecretNames names, Deadline deadline) {
        return both(
                live.holders(fingerprints, names, deadline),
                manifests.holders(fingerprints, names, deadline),
                GovernanceSecret::ref);
    }

    /** What is there, less what the manifests name, and then what they say of it. */
    private <T> Lookup<List<T>> both(Lookup<List<T>> there, Lookup<List<T>> applied, Function<T, ObjectRef> ref) {
        return there.then(running -> applied.map(now -> {
            var all = new ArrayList<>(running.stream()
                    .filter(each -> !given.contains(ref.apply(each)))
                    .toList());
            all.addAll(now);
            return List.copyOf(all);
        }));
    }

    @Override
    public boolean isWhole() {
        return live.isWhole();
    }

    @Override
    public Surroundings before() {
        return live;
    }

    /** What is applied along with the object under review may be new; where nobody can tell, it is taken for new. */
    @Override
    public boolean isRunning(ObjectRef workload) {
        return !given.contains(workload)
                || (!deleted.contains(workload)
                        && live.get(workload, Deadline.in(IN_TIME)) instanceof Lookup.Found<JsonNode>);
    }

    /** As they are before anything is applied. */
    @Override
    public Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        var some = live.running(databases, namespace, deadline);
        return some instanceof Lookup.Absent<List<Workload>> ? live.workloads(deadline) : some;
    }

    @Override
    public Lookup<List<String>> mutatingWebhooks(Deadline deadline) {
        return live.mutatingWebhooks(deadline);
    }

    @Override
    public Lookup<List<Sighting>> remembered(Deadline deadline) {
        return live.remembered(deadline);
    }

    @Override
    public Lookup<Instant> rememberedSince(Deadline deadline) {
        return live.rememberedSince(deadline);
    }
}
