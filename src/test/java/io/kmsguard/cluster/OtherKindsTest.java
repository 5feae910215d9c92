// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditReport.Gap;
import io.kmsguard.policy.Workloads;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What an audit of a cluster makes of a participant that neither a Deployment nor a StatefulSet runs. */
class OtherKindsTest {

    private AuditedCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new AuditedCluster();
        cluster.server.hasNamespaces("sv");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static ObjectNode participant(String kind, String name) {
        var object = Workloads.kmsParticipant().named(name).in("sv").json();
        object.put("kind", kind);
        return object;
    }

    private static ObjectNode pod(String name) {
        var object = participant("Pod", name);
        object.set("spec", object.at("/spec/template/spec"));
        return object;
    }

    private static ObjectNode madeBy(ObjectNode object, String kind, String name) {
        ((ObjectNode) object.path("metadata"))
                .putArray("ownerReferences")
                .addObject()
                .put("kind", kind)
                .put("name", name)
                .put("controller", true);
        return object;
    }

    private static ObjectNode labelled(ObjectNode object, String label) {
        ((ObjectNode) object.path("metadata")).withObject("labels").put(label, "x");
        return object;
    }

    private static List<String> kinds(AuditReport report) {
        return report.objects().stream()
                .map(object -> object.ref().kind() + " " + object.ref().name())
                .toList();
    }

    @Test
    void what_nobody_made_is_judged() {
        cluster.server.has(participant("DaemonSet", "one"));
        cluster.server.has(participant("ReplicaSet", "two"));
        cluster.server.has(pod("three"));

        var report = cluster.audit();

        assertThat(kinds(report)).containsExactly("DaemonSet one", "Pod three", "ReplicaSet two");
        assertThat(report.gaps()).isEmpty();
    }

    @Test
    void what_kubernetes_own_controllers_made_is_theirs() {
        cluster.server.has(madeBy(
                labelled(participant("ReplicaSet", "participant-1"), "pod-template-hash"),
                "Deployment",
                "participant"));
        cluster.server.has(
                madeBy(labelled(pod("participant-1-a"), "pod-template-hash"), "ReplicaSet", "participant-1"));
        cluster.server.has(madeBy(labelled(pod("db-0"), "controller-revision-hash"), "StatefulSet", "db"));
        cluster.server.has(madeBy(pod("bare-1"), "ReplicaSet", "bare"));

        var report = cluster.audit();

        assertThat(kinds(report)).isEmpty();
        assertThat(report.gaps()).isEmpty();
    }

    @Test
    void what_another_controller_made_is_named() {
        cluster.server.has(madeBy(participant("ReplicaSet", "participant-7d"), "Rollout", "participant"));
        cluster.server.has(madeBy(pod("participant-7d-x"), "ReplicaSet", "participant-7d"));
        cluster.server.has(madeBy(pod("once-1"), "Job", "once"));

        var report = cluster.audit();

        assertThat(kinds(report)).isEmpty();
        assertThat(report.gaps())
                .containsExactly(
                        new Gap(
                                "ReplicaSet sv/participant-7d",
                                "runs participant for Rollout sv/participant, of a kind that is not looked at in a cluster;"
                                        + " kms-guard check judges its manifest"),
                        new Gap(
                                "Pod sv/once-1",
                                "runs participant for Job sv/once, of a kind that is not looked at in a cluster; kms-guard"
                                        + " check judges its manifest"));
    }

    @Test
    void an_sv_finds_its_participant_behind_them() {
        cluster.hasSv("whole");
        cluster.server.has(Workloads.service("sv", "participant", "participant"));
        cluster.server.has(participant("DaemonSet", "participant"));
        cluster.server.has(Workloads.svApp().in("sv").json());

        assertThat(AuditedCluster.rows(cluster.audit())).contains("sv sv/sv-app participant kms absent missing deny");
    }

    @Test
    void who_may_not_list_pods_is_told_of_the_other_kinds_only() {
        cluster.server.refuses("/api/v1/pods", 403).refuses("/api/v1/namespaces/sv/pods", 403);
        cluster.server.refuses("/apis/apps/v1/replicasets", 500);

        assertThat(cluster.audit().gaps())
                .containsExactly(
                        new Gap("replicasets in all namespaces", "could not be listed: the API server answered 500"));
    }
}
