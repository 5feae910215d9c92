// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.maker.MadeSecret;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.SecretData;
import io.kmsguard.splice.SecretFiller;
import io.kmsguard.splice.Workload;
import java.time.Instant;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The lookups of one review: each object is asked for once, and all of them by one deadline. Not for many threads. */
final class LookupSession {

    /** No namespace has this name. */
    private static final String ALL = "";

    private final Surroundings world;
    private final Deadline deadline;
    private final Map<ObjectRef, Lookup<JsonNode>> objects = new HashMap<>();
    private final Map<String, Lookup<List<Workload>>> workloads = new HashMap<>();
    private final Map<String, Lookup<SelectableWorkloads>> selectable = new HashMap<>();
    private final Map<String, Lookup<List<Workload>>> users = new HashMap<>();
    private final Map<Set<String>, Lookup<List<GovernanceSecret>>> holders = new HashMap<>();
    /** By the workload itself: to tell equal ones costs as much as to complete them. */
    private final IdentityHashMap<Workload, Workload> completed = new IdentityHashMap<>();

    private final IdentityHashMap<Workload, List<Sighting>> sightings = new IdentityHashMap<>();

    private @Nullable LookupSession earlier;

    LookupSession(Surroundings world, Deadline deadline) {
        this.world = world;
        this.deadline = deadline;
    }

    /** The lookups in the world before the change: of what the object before referred to. This where the change is in no world. */
    LookupSession earlier() {
        if (earlier == null) {
            var before = world.before();
            earlier = before.equals(world) ? this : new LookupSession(before, deadline);
        }
        return earlier;
    }

    Lookup<JsonNode> get(ObjectRef ref) {
        return objects.computeIfAbsent(ref, r -> inTime(r, () -> world.get(r, deadline)));
    }

    Lookup<List<Workload>> workloads(String namespace) {
        return workloads.computeIfAbsent(
                namespace,
                n -> n.equals(ALL)
                        ? inTime("the workloads", () -> world.workloads(deadline))
                        : inTime("the workloads of namespace " + n, () -> world.workloads(n, deadline)));
    }

    /** The workloads of a namespace, by what a Service finds them. */
    Lookup<SelectableWorkloads> selectable(String namespace) {
        return selectable.computeIfAbsent(namespace, n -> workloads(n).map(SelectableWorkloads::new));
    }

    /** Those that may run on a participant of that namespace. */
    Lookup<List<Workload>> users(String namespace) {
        return users.computeIfAbsent(namespace, n -> orAll(world.users(n, deadline)));
    }

    private Lookup<List<Workload>> orAll(Lookup<List<Workload>> some) {
        return some instanceof Lookup.Absent ? workloads(ALL) : some;
    }

    /** What was seen in those databases. What one was first seen with holds, whatever runs on it since. */
    Lookup<List<Sighting>> sightings(List<ParticipantDatabase> databases, String namespace) {
        var running = earlier().sightings(orAll(world.running(databases, namespace, deadline)));
        return running.then(now -> inTime("what is remembered of databases", () -> world.remembered(deadline))
                .map(remembered -> {
                    var told = remembered.stream()
                            .map(Sighting::database)
                            .filter(ParticipantDatabase::isTold)
                            .collect(Collectors.toSet());
                    var servers = new DatabaseServers(this);
                    return Stream.concat(
                                    remembered.stream(), now.stream().filter(seen -> !told.contains(seen.database())))
                            .map(seen -> seen.of(servers.spelledAs(databases, seen.database())))
                            .toList();
                }));
    }

    /** What those databases are remembered with. */
    Lookup<List<Sighting>> remembered(List<ParticipantDatabase> databases) {
        return inTime("what is remembered of databases", () -> world.remembered(deadline))
                .map(remembered -> {
                    var servers = new DatabaseServers(this);
                    return remembered.stream()
                            .map(seen -> seen.of(servers.spelledAs(databases, seen.database())))
                            .filter(seen -> databases.contains(seen.database()))
                            .toList();
                });
    }

    /** Since when that is remembered. */
    Lookup<Instant> rememberedSince() {
        return inTime("since when databases are remembered", () -> world.rememberedSince(deadline));
    }

    /** What is seen of everything that runs. */
    Lookup<List<Sighting>> sightings() {
        return sightings(workloads(ALL));
    }

    private Lookup<List<Sighting>> sightings(Lookup<List<Workload>> workloads) {
        return workloads.map(all -> all.stream()
                .filter(workload -> !workload.containers(Role.PARTICIPANT).isEmpty())
                .flatMap(workload -> sightings.computeIfAbsent(workload, any -> Sighting.of(completed(any))).stream())
                .toList());
    }

    /** The mutating webhooks beside the guard's. */
    Lookup<List<String>> mutatingWebhooks() {
        return inTime("the mutating webhooks", () -> world.mutatingWebhooks(deadline));
    }

    /** The Secrets with one of these governance keys. */
    Lookup<List<GovernanceSecret>> holders(Set<String> fingerprints, SecretNames names) {
        return holders.computeIfAbsent(
                fingerprints,
                f -> inTime(
                        "the Secrets " + names.governance() + " of all namespaces",
                        () -> world.holders(f, names, deadline)));
    }

    /** Whether a namespace is being deleted, or is gone already. */
    Lookup<Boolean> isTerminating(String namespace) {
        var looked = get(ObjectRef.ofNamespace(namespace));
        return looked instanceof Lookup.Absent<JsonNode>
                ? Lookup.found(true)
                : looked.map(object -> object.path("metadata").has("deletionTimestamp")
                        || object.path("status").path("phase").asString("").equals("Terminating"));
    }

    boolean isRunning(ObjectRef workload) {
        return world.isRunning(workload);
    }

    private <T> Lookup<T> inTime(Object what, Supplier<Lookup<T>> lookup) {
        return deadline.hasPassed()
                ? Lookup.unknown(what + " could not be read before the deadline of this review")
                : lookup.get();
    }

    /** The keys of a Secret. */
    Lookup<Map<String, KeyText>> secret(ObjectRef ref) {
        return filled(ref).map(SecretData::read);
    }

    /** An object with its content: a Secret that another one is copied into later is not there as far as that goes. */
    private Lookup<JsonNode> filled(ObjectRef ref) {
        return get(ref).then(object -> SecretFiller.of(object)
                .filter(filler -> ref.kind().equals("Secret"))
                .<Lookup<JsonNode>>map(filler -> Lookup.notYet("it is empty until " + filler))
                .orElseGet(() -> Lookup.found(object)));
    }

    /** By whom a Secret that is not there will be made; empty where nobody is seen to. */
    Optional<MadeSecret> maker(ObjectRef secret) {
        return get(secret) instanceof Lookup.Absent
                ? world.maker(secret, deadline).toOptional().filter(MadeSecret::creates)
                : Optional.empty();
    }

    /** The annotations of a ServiceAccount. */
    Lookup<Map<String, String>> serviceAccount(ObjectRef ref) {
        return get(ref).map(object -> strings(object.path("metadata").path("annotations")));
    }

    /** The workload with what it takes from ConfigMaps and Secrets, as far as these can be read. */
    Workload completed(Workload workload) {
        return completed.computeIfAbsent(workload, this::complete);
    }

    private Workload complete(Workload workload) {
        var whole = workload;
        var known = Set.<String>of();
        // What is read may name env vars that come from elsewhere, and include files that stand beside it.
        for (var more = whole.sources(); !known.equals(more); more = whole.sources()) {
            known = more;
            whole = whole.completed(this::data);
        }
        return whole;
    }

    /** The same with nothing out of a Secret. */
    Workload completedFromConfigMaps(Workload workload) {
        return workload.completed(ref -> ref.kind().equals("Secret") ? Optional.empty() : data(ref));
    }

    private Optional<Map<String, String>> data(ObjectRef ref) {
        var looked = filled(ref);
        if (looked instanceof Lookup.Absent && world.isWhole()) {
            return Optional.of(Map.of());
        }
        return looked.<Map<String, String>>map(
                        object -> ref.kind().equals("Secret") ? SecretData.texts(object) : strings(object.path("data")))
                .toOptional();
    }

    private static Map<String, String> strings(JsonNode object) {
        var map = new HashMap<String, String>();
        for (var entry : object.properties()) {
            if (entry.getValue().isString()) {
                map.put(entry.getKey(), entry.getValue().stringValue());
            }
        }
        return map;
    }
}
