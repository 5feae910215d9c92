// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.Auditor;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Workloads;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.ObjectNode;

/** A cluster with SVs in it, and its audit. */
final class AuditedCluster implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-05-01T08:00:00Z");

    final FakeApiServer server;
    final AtomicInteger judged = new AtomicInteger();
    private final ClusterSurroundings world;

    AuditedCluster() throws IOException {
        server = new FakeApiServer();
        Config config =
                new ConfigBuilder(Config.empty()).withMasterUrl(server.url()).build();
        world = ClusterSurroundings.ofCaller(new ClusterAccess.Configured(config, "a test"));
    }

    @Override
    public void close() {
        world.close();
        server.close();
    }

    /** A whole SV on a KMS, as it should be. */
    void hasSv(String namespace) {
        server.hasNamespaces(namespace);
        server.has(Workloads.service(namespace, "participant", "participant"));
        server.has(participant(namespace));
        server.has(Workloads.secret(namespace, "gke-credentials", Map.of("googleCredentials", "{}")));
        server.has(Workloads.secret(namespace, Workloads.SECRET, Keys.generate().texts()));
        server.has(Workloads.keyedSvApp().in(namespace).json());
    }

    static ObjectNode participant(String namespace) {
        return Workloads.kmsParticipant()
                .in(namespace)
                .withEnv("GOOGLE_APPLICATION_CREDENTIALS", "/app/gcp")
                .withSecretMount("gcp", "gke-credentials", "/app/gcp", "googleCredentials")
                .json();
    }

    AuditReport audit(Optional<String> namespace) {
        return new Auditor(PolicyFile.DEFAULT, Clock.fixed(NOW, ZoneOffset.UTC))
                .audit(
                        new ClusterAudit(world, "the test", namespace, new Installation("kms-guard", "kms-guard")),
                        judged::incrementAndGet);
    }

    AuditReport audit() {
        return audit(Optional.empty());
    }

    static List<String> rows(AuditReport report) {
        return report.fleet().stream()
                .map(row -> String.join(
                        " ",
                        row.kind().id(),
                        row.app().namespace() + "/" + row.app().name(),
                        row.participant().map(ref -> ref.name()).orElse("-"),
                        row.keys().id(),
                        row.governanceKey().id(),
                        row.flag().id(),
                        row.decision().id()))
                .toList();
    }

    static List<String> objects(AuditReport report) {
        return report.objects().stream()
                .map(object -> object.decision().id() + " " + object.ref()
                        + object.judgement().rulings().stream()
                                .map(ruling -> ruling.finding().rule().id())
                                .toList())
                .toList();
    }
}
