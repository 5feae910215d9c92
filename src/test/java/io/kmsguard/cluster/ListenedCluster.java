// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.node.ObjectNode;

/** A cluster that is listened to, as a test tells it. */
abstract class ListenedCluster {

    static final String DEPLOYMENTS = "/apis/apps/v1/deployments";
    static final String STATEFUL_SETS = "/apis/apps/v1/statefulsets";
    static final String SERVICES = "/api/v1/services";
    static final String MEMORIES = "/api/v1/namespaces/kms/configmaps";
    static final String MEMORY = MEMORIES + "/guard-identities";
    static final ObjectRef SERVICE = new ObjectRef("Service", "sv", "participant");
    static final String SERVICE_JSON =
            "{\"kind\":\"Service\",\"metadata\":{\"name\":\"participant\",\"namespace\":\"sv\",\"resourceVersion\":\"8\"},"
                    + "\"spec\":{\"selector\":{\"app\":\"participant\"},\"clusterIP\":\"10.0.0.1\"}}";
    static final String KMS_ENTRY = """
            apiVersion: kms-guard.io/v1
            kind: ParticipantIdentities
            databases:
            - server: pg
              database: p
              schema: participant
              keys: [{type: driver, name: hsm}]
              workload: {kind: Deployment, namespace: sv, name: participant}
              lastSeen: 2026-11-23
            """;

    ListenedApiServer api;
    WatchedSurroundings world;
    final AtomicInteger changes = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        api = new ListenedApiServer();
        api.lists(DEPLOYMENTS, "7", json(Workloads.participant(), 1));
        api.lists(STATEFUL_SETS, "7");
        api.lists(SERVICES, "7", SERVICE_JSON);
        api.lists(MEMORIES, "7", memory(""));
        world = new WatchedSurroundings(MockedCluster.at(api.url()), new Installation("kms", "guard"));
    }

    @AfterEach
    void stop() {
        world.close();
        api.close();
    }

    static String json(Workloads workload, int ready) {
        var object = workload.json();
        ((ObjectNode) object.path("metadata")).put("resourceVersion", "9");
        object.putObject("status").put("readyReplicas", ready);
        return object.toString();
    }

    static String memory(String text) {
        var object = tools.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        object.put("kind", "ConfigMap");
        object.putObject("metadata")
                .put("name", "guard-identities")
                .put("namespace", "kms")
                .put("resourceVersion", "9");
        object.putObject("data").put("identities.yaml", text);
        return object.toString();
    }

    static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    static void await(BooleanSupplier condition, String what) {
        var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain for " + what).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    void listen() {
        world.start(changes::incrementAndGet);
        await(() -> world.isSynced() && api.watches().size() == 4 && isKnown(), "the watches");
        api.asked().clear();
    }

    /** Whether nothing is asked for. */
    boolean isKnown() {
        api.asked().clear();
        return refs(world.workloads("sv", soon())).size() == 1
                && world.get(SERVICE, soon()) instanceof Lookup.Found
                && api.asked().isEmpty();
    }

    static List<String> refs(Lookup<List<Workload>> workloads) {
        return workloads.toOptional().orElse(List.of()).stream()
                .map(workload -> workload.ref().toString())
                .sorted()
                .toList();
    }
}
