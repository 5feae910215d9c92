// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.AuditedObject;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Workloads;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Hundreds of SVs and thousands of Services in one namespace: each is paired with its own, and nothing is asked for twice. */
class CrowdedNamespaceTest {

    private static final int SVS = 500;
    private static final int SERVICES = 3_000;

    private static ObjectNode labelled(Workloads workload, String app) {
        var object = workload.json();
        var spec = (ObjectNode) object.path("spec");
        ((ObjectNode) spec.at("/template/metadata/labels")).put("app", app);
        return object;
    }

    @Test
    void each_sv_is_paired_with_its_participant_and_lists_are_read_once() throws Exception {
        try (var cluster = new AuditedCluster()) {
            cluster.server.hasNamespaces("sv");
            for (var i = 0; i < SERVICES; i++) {
                cluster.server.has(Workloads.service("sv", "participant-" + i, "participant-" + i));
            }
            for (var i = 0; i < SVS; i++) {
                cluster.server.has(labelled(
                        Workloads.kmsParticipant()
                                .withKms(Workloads.aws("us-east-1", false))
                                .named("participant-" + i),
                        "participant-" + i));
                cluster.server.has(labelled(
                        Workloads.svApp().named("sv-app-" + i).withAddress("participant-" + i), "sv-app-" + i));
            }

            var report = cluster.audit();

            assertThat(AuditedCluster.rows(report)).hasSize(SVS).allSatisfy(row -> {
                var number = row.replaceFirst(".*/sv-app-(\\d+) .*", "$1");
                assertThat(row).contains(" participant-" + number + " ");
            });
            var refused = report.objects().stream()
                    .filter(object -> object.decision() == Judgement.Decision.DENY)
                    .map(AuditedObject::ref)
                    .map(ref -> ref.name().replaceFirst("-\\d+$", ""))
                    .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
            assertThat(refused.get("sv-app")).isEqualTo(SVS);
            // 200 objects a page: 5 of Deployments, 15 of Services, and little beside.
            assertThat(cluster.server.asked()).hasSizeLessThan(40);
        }
    }
}
