// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.AuditReport.Gap;
import io.kmsguard.policy.Workloads;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an audit sees where not all may be seen, and what it says of the rest. */
class AuditRightsTest {

    private static final String SECRETS = "secrets " + Workloads.SECRET;
    private static final String LACKS = "could not be listed: your account lacks the right to list ";

    private AuditedCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = new AuditedCluster();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void looks_at_namespaces_one_by_one_where_not_all_may_be_listed() {
        cluster.hasSv("open");
        cluster.hasSv("closed");
        for (var list : List.of(
                "/apis/apps/v1/deployments",
                "/apis/apps/v1/statefulsets",
                "/api/v1/secrets",
                "/api/v1/services",
                "/apis/apps/v1/namespaces/closed/deployments",
                "/apis/apps/v1/namespaces/closed/statefulsets",
                "/api/v1/namespaces/closed/secrets",
                "/api/v1/namespaces/closed/services")) {
            cluster.server.refuses(list, 403);
        }

        var report = cluster.audit();

        assertThat(AuditedCluster.rows(report)).containsExactly("sv open/sv-app participant kms valid set allow");
        assertThat(report.gaps())
                .isEqualTo(Stream.of("deployments", "statefulsets", SECRETS)
                        .map(what ->
                                new Gap(what + " in namespace closed", LACKS + what + " in namespace closed (403)"))
                        .toList());
    }

    @Test
    void says_how_to_go_on_where_no_namespace_is_known() {
        cluster.hasSv("sv");
        for (var list : List.of("/apis/apps/v1/deployments", "/api/v1/namespaces")) {
            cluster.server.refuses(list, 403);
        }

        assertThat(cluster.audit().gaps())
                .containsExactly(new Gap(
                        "deployments in all namespaces",
                        "this account may list neither deployments nor namespaces in all namespaces (403); grant it that,"
                                + " or name a namespace with -n"));
    }

    @Test
    void one_namespace_needs_no_rights_on_others() {
        cluster.hasSv("sv");
        cluster.hasSv("other");
        for (var list : List.of(
                "/apis/apps/v1/deployments",
                "/apis/apps/v1/statefulsets",
                "/api/v1/secrets",
                "/api/v1/services",
                "/api/v1/namespaces/kms-guard/configmaps/kms-guard-identities")) {
            cluster.server.refuses(list, 403);
        }

        var report = cluster.audit(Optional.of("sv"));

        assertThat(AuditedCluster.rows(report)).containsExactly("sv sv/sv-app participant kms valid set allow");
        assertThat(report.gaps()).isEmpty();
        assertThat(report.scope()).isEqualTo("namespace sv of the test, without sight of all other namespaces");
    }

    @Test
    void one_namespace_is_judged_in_the_whole_cluster_where_that_may_be_seen() {
        cluster.hasSv("sv");
        cluster.server.has(AuditedCluster.participant("apart"));
        cluster.server.has(Workloads.svApp()
                .named("far")
                .in("sv")
                .withAddress("participant.apart")
                .json());

        var report = cluster.audit(Optional.of("apart"));

        assertThat(AuditedCluster.rows(report)).isEmpty();
        assertThat(AuditedCluster.objects(report))
                .containsExactly("deny Deployment apart/participant[governance-key-flag, kms-credentials]");
        assertThat(report.scope()).isEqualTo("namespace apart of the test");
    }

    @Test
    void takes_what_could_not_be_listed_for_unknown_and_not_for_nothing() {
        cluster.hasSv("sv");
        cluster.server.refuses("/apis/apps/v1/statefulsets", 500);

        var report = cluster.audit();

        assertThat(report.gaps())
                .containsExactly(
                        new Gap("statefulsets in all namespaces", "could not be listed: the API server answered 500"));
        assertThat(AuditedCluster.objects(report))
                .contains("deny Deployment sv/participant[kms-identity-reuse, governance-key-flag]");
    }

    @Test
    void tells_a_participant_whose_keys_are_not_those_that_are_remembered() {
        cluster.hasSv("sv");
        var memory =
                new tools.jackson.databind.json.JsonMapper().createObjectNode().put("kind", "ConfigMap");
        memory.putObject("metadata").put("namespace", "kms-guard").put("name", "kms-guard-identities");
        memory.putObject("data").put("identities.yaml", """
                apiVersion: kms-guard.io/v1
                kind: ParticipantIdentities
                databases:
                - server: "participant-pg.sv"
                  port: "5432"
                  database: "participant_0"
                  schema: "public"
                  keys: []
                  workload: {kind: "Deployment", namespace: "sv", name: "participant"}
                  lastSeen: 2026-04-01
                """);
        cluster.server.has(memory);

        var report = cluster.audit();

        assertThat(report.gaps()).isEmpty();
        assertThat(AuditedCluster.objects(report)).contains("deny Deployment sv/participant[kms-migration]");
    }
}
