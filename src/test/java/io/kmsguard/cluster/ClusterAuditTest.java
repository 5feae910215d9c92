// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.AuditReport.Gap;
import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Workloads;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ClusterAuditTest {

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
    void tells_which_sv_is_in_which_state() {
        cluster.hasSv("good");
        cluster.hasSv("keyless");
        cluster.server.has(Workloads.svApp().in("keyless").json());

        var report = cluster.audit();

        assertThat(AuditedCluster.rows(report))
                .containsExactly(
                        "sv good/sv-app participant kms valid set allow",
                        "sv keyless/sv-app participant kms valid missing deny");
        assertThat(AuditedCluster.objects(report))
                .containsExactly(
                        "allow Deployment good/participant[]",
                        "allow Deployment good/sv-app[]",
                        "allow Secret good/" + Workloads.SECRET + "[]",
                        "deny Deployment keyless/participant[governance-key-flag]",
                        "deny Deployment keyless/sv-app[governance-key-flag]",
                        "allow Secret keyless/" + Workloads.SECRET + "[]");
        assertThat(report.gaps()).isEmpty();
        assertThat(List.of(report.scope(), report.at())).isEqualTo(List.of("the test", AuditedCluster.NOW));
        assertThat(report.objects().get(0).uid()).isEqualTo("uid-participant");
        assertThat(report.fleet().get(0).kms())
                .isEqualTo("GCP KMS (project acme-canton, location us-east1, key ring sv-participant)");
        assertThat(report.fleet().get(1).next())
                .startsWith(
                        "set synchronizers.current.cometBFT.externalGovernanceKey: true in the values of splice-sv-node");
        assertThat(cluster.judged).hasValue(6);
    }

    @Test
    void tells_the_states_of_a_governance_key() {
        cluster.hasSv("foreign");
        cluster.server.has(Workloads.secret(
                "foreign",
                Workloads.SECRET,
                Map.of(
                        "public",
                        Keys.generate().publicKey(),
                        "private",
                        Keys.generate().privateKey())));
        cluster.hasSv("half");
        cluster.server.has(Workloads.secret("half", Workloads.SECRET, Map.of("public", "x")));
        cluster.hasSv("vault");
        cluster.server.has(Workloads.keyedSvApp()
                .in("vault")
                .withoutEnv(Workloads.PRIVATE_ENV)
                .withEnv(Workloads.PRIVATE_ENV, "vault:secret/data/sv#private")
                .json());
        cluster.hasSv("closed");
        cluster.server.has(Workloads.keyedSvApp()
                .in("closed")
                .withoutEnv(Workloads.PRIVATE_ENV)
                .withSecretEnv(Workloads.PRIVATE_ENV, "other", "private")
                .json());
        cluster.server.refuses("/api/v1/namespaces/closed/secrets/other", 403);
        cluster.hasSv("far");
        cluster.server.has(Workloads.keyedSvApp()
                .in("far")
                .withAddress("participant.foreign.svc")
                .json());

        assertThat(AuditedCluster.rows(cluster.audit()))
                .containsExactly(
                        "sv closed/sv-app participant kms unknown set deny",
                        "participant far/participant participant kms not-needed not-needed warn",
                        "sv far/sv-app participant kms valid set allow",
                        "sv foreign/sv-app participant kms invalid set deny",
                        "sv half/sv-app participant kms invalid set deny",
                        "sv vault/sv-app participant kms unknown set warn");
    }

    @Test
    void the_validator_app_of_an_sv_has_no_row() {
        cluster.hasSv("sv");
        for (var namespace : List.of("sv", "validator", "own")) {
            cluster.server.has(Workloads.participant()
                    .named("validator-app")
                    .in(namespace)
                    .withContainerName("validator-app")
                    .withImage("validator-app:0.7.3")
                    .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                    .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB")
                    .withEnv("SPLICE_APP_VALIDATOR_PARTICIPANT_ADDRESS", "participant")
                    .json());
        }
        cluster.server.has(Workloads.service("validator", "participant", "participant"));
        cluster.server.has(Workloads.secret("validator", "gke-credentials", Map.of("googleCredentials", "{}")));
        cluster.server.has(AuditedCluster.participant("validator"));
        cluster.server.has(Workloads.participant().in("own").json());

        assertThat(AuditedCluster.rows(cluster.audit()))
                .containsExactly(
                        "sv sv/sv-app participant kms valid set allow",
                        "validator validator/validator-app participant kms not-needed not-needed allow");
    }

    @Test
    void reads_every_page_and_begins_again_once_where_the_api_server_forgot() {
        for (var i = 0; i < 250; i++) {
            cluster.server.has(Workloads.participant().in("ns-" + i).json());
        }
        cluster.server.forgetsOnce("/apis/apps/v1/deployments");

        var report = cluster.audit();

        assertThat(report.objects()).hasSize(250);
        assertThat(report.gaps()).isEmpty();
        assertThat(cluster.server.asked().stream()
                        .filter(path -> path.startsWith("/apis/apps/v1/deployments?limit=200"))
                        .map(path -> path.contains("continue")))
                .containsExactly(false, true, false, true);
    }

    @Test
    void tells_once_what_is_malformed_where_the_list_began_again() {
        for (var i = 0; i < 250; i++) {
            cluster.server.has(Workloads.participant().in("ns-" + i).json());
        }
        var broken = Workloads.participant().in("a").json();
        ((ObjectNode) broken.at("/spec/template/spec")).put("containers", "none");
        cluster.server.has(broken);
        cluster.server.forgetsOnce("/apis/apps/v1/deployments");

        assertThat(cluster.audit().gaps())
                .containsExactly(
                        new Gap("Deployment a/participant", "/spec/template/spec/containers is no list of containers"));
    }

    @Test
    void does_not_judge_what_is_being_deleted() {
        cluster.hasSv("sv");
        for (var object : List.of(
                Workloads.svApp().in("sv").json(),
                Workloads.secret("sv", Workloads.SECRET, Keys.generate().texts()))) {
            ((ObjectNode) object.path("metadata")).put("deletionTimestamp", "2026-05-01T08:00:00Z");
            cluster.server.has(object);
        }

        var report = cluster.audit();

        assertThat(AuditedCluster.rows(report))
                .containsExactly("participant sv/participant participant kms not-needed not-needed warn");
        assertThat(AuditedCluster.objects(report))
                .containsExactly("warn Deployment sv/participant[governance-key-flag]");
        assertThat(report.gaps()).isEmpty();
    }
}
