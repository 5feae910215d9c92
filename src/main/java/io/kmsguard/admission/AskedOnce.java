// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.maker.MadeSecret;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * A world of which each thing is asked once and then remembered, so that many manifests are judged by one state of it. Each
 * question has a time of its own, whatever the deadline of who asks.
 */
public final class AskedOnce implements Surroundings {

    /** No namespace has this name. */
    private static final String ALL = "";

    private final Surroundings world;
    private final Duration each;
    private final Map<ObjectRef, Lookup<JsonNode>> objects = new ConcurrentHashMap<>();
    private final Map<String, Lookup<List<Workload>>> workloads = new ConcurrentHashMap<>();
    private final Map<String, Lookup<List<GovernanceSecret>>> secrets = new ConcurrentHashMap<>();
    private final Map<String, Lookup<List<Sighting>>> sightings = new ConcurrentHashMap<>();
    private final Map<String, Lookup<List<String>>> webhooks = new ConcurrentHashMap<>();

    /**
     * Asks for nothing yet.
     *
     * @param each how long one question may take
     */
    public AskedOnce(Surroundings world, Duration each) {
        this.world = world;
        this.each = each;
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        return objects.computeIfAbsent(ref, r -> world.get(r, Deadline.in(each)));
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return workloads.computeIfAbsent(namespace, n -> world.workloads(n, Deadline.in(each)));
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return workloads.computeIfAbsent(ALL, all -> world.workloads(Deadline.in(each)));
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return secrets.computeIfAbsent(name, n -> world.governanceSecrets(n, Deadline.in(each)));
    }

    @Override
    public Lookup<List<String>> mutatingWebhooks(Deadline deadline) {
        return webhooks.computeIfAbsent(ALL, all -> world.mutatingWebhooks(Deadline.in(each)));
    }

    @Override
    public Lookup<MadeSecret> maker(ObjectRef secret, Deadline deadline) {
        return world.maker(secret, Deadline.in(each));
    }

    @Override
    public boolean isRunning(ObjectRef workload) {
        return world.isRunning(workload);
    }

    @Override
    public Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        return world.running(databases, namespace, Deadline.in(each));
    }

    @Override
    public Lookup<List<Sighting>> remembered(Deadline deadline) {
        return sightings.computeIfAbsent(ALL, all -> world.remembered(Deadline.in(each)));
    }

    @Override
    public Lookup<Instant> rememberedSince(Deadline deadline) {
        return world.rememberedSince(Deadline.in(each));
    }
}
