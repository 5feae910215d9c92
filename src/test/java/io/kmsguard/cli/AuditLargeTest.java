// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.kmsguard.admission.Auditor;
import io.kmsguard.admission.FleetRow;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterAudit;
import io.kmsguard.cluster.ClusterSurroundings;
import io.kmsguard.cluster.FakeApiServer;
import io.kmsguard.cluster.Installation;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Workloads;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ten thousand workloads. */
class AuditLargeTest {

    private static final int ALL = 10_000;

    private FakeApiServer api;
    private ClusterSurroundings cluster;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApiServer();
        Config config =
                new ConfigBuilder(Config.empty()).withMasterUrl(api.url()).build();
        cluster = ClusterSurroundings.ofCaller(new ClusterAccess.Configured(config, "a test"));
    }

    @AfterEach
    void stop() {
        cluster.close();
        api.close();
    }

    private ClusterAudit source() {
        return new ClusterAudit(cluster, "a test", Optional.empty(), new Installation("kms-guard", "kms-guard"));
    }

    @Test
    void keeps_of_a_large_cluster_only_what_is_guarded() {
        var web = Workloads.participant()
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB")
                .withImage("registry.example/web:1")
                .withContainerName("web");
        for (var i = 0; i < ALL - 2; i++) {
            api.has(web.named("web-" + i).json());
        }
        api.has(Workloads.kmsParticipant().json()).has(Workloads.svApp().json());

        assertThat(source().list(SecretNames.DEFAULT).objects().stream()
                        .map(standing -> standing.object().ref().name()))
                .containsExactly("participant", "sv-app");
    }

    @Test
    void judges_each_of_ten_thousand_in_order() {
        for (var i = 0; i < ALL / 2; i++) {
            var namespace = "sv-%04d".formatted(i);
            var participant = i % 100 == 0 ? Workloads.kmsParticipant() : Workloads.participant();
            api.has(participant.in(namespace).json());
            api.has(Workloads.svApp().in(namespace).json());
        }
        var judged = new AtomicInteger();

        var report = new Auditor(PolicyFile.DEFAULT, Clock.systemUTC()).audit(source(), judged::incrementAndGet);

        assertThat(judged).hasValue(ALL);
        assertThat(report.objects()).hasSize(ALL);
        assertThat(report.fleet()).hasSize(ALL / 2).allSatisfy(row -> {
            assertThat(row.participant().orElseThrow().namespace())
                    .isEqualTo(row.app().namespace());
        });
        assertThat(report.fleet().stream().filter(row -> row.flag() == FleetRow.Flag.MISSING))
                .hasSize(ALL / 2 / 100);
        assertThat(report.fleet().stream().map(row -> row.app().namespace())).isSorted();
    }
}
