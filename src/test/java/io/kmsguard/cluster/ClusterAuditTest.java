// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditReport.Gap;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ClusterAuditTest {

    private static final Instant NOW = Instant.parse("2026-05-01T08:00:00Z");
    private static final String SECRETS = "secrets " + Workloads.SECRET;
    private static final String LACKS = "could not be listed: your account lacks the right to list ";

    private FakeApiServer server;
    private ClusterSurroundings world;
    private final AtomicInteger judged = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer();
        Config config =
                new ConfigBuilder(Config.empty()).withMasterUrl(server.url()).build();
        world = ClusterSurroundings.ofCaller(new ClusterAccess.Configured(config, "a test"));
    }

    @AfterEach
    void stop() {
        world.close();
        server.close();
    }

    /** A whole SV on a KMS, as it should be. */
    private void hasSv(String namespace) {
        server.hasNamespaces(namespace);
        server.has(Workloads.service(namespace, "participant", "participant"));
        server.has(participant(namespace));
        server.has(Workloads.secret(namespace, "gke-credentials", Map.of("googleCredentials", "{}")));
        server.has(Workloads.secret(namespace, Workloads.SECRET, Keys.generate().texts()));
        server.has(Workloads.keyedSvApp().in(namespace).json());
    }

    private static ObjectNode participant(String namespace) {
        return Workloads.kmsParticipant()
                .in(namespace)
                .withEnv("GOOGLE_APPLICATION_CREDENTIALS", "/app/gcp")
                .withSecretMount("gcp", "gke-credentials", "/app/gcp", "googleCredentials")
                .json();
    }

    private AuditReport audit(Optional<String> namespace) {
        return new Auditor(PolicyFile.DEFAULT, Clock.fixed(NOW, ZoneOffset.UTC))
                .audit(
                        new ClusterAudit(world, "the test", namespace, new Installation("kms-guard", "kms-guard")),
                        judged::incrementAndGet);
    }

    private AuditReport audit() {
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

    @Test
    void tells_which_sv_is_in_which_state() {
        hasSv("good");
        hasSv("keyless");
        server.has(Workloads.svApp().in("keyless").json());

        var report = audit();

        assertThat(rows(report))
                .containsExactly(
                        "sv good/sv-app participant kms valid set allow",
                        "sv keyless/sv-app participant kms valid missing deny");
        assertThat(objects(report))
                .containsExactly(
                        "allow Deployment good/participant[]",
                        "allow Deployment good/sv-app[]",
                        "allow Secret good/" + Workloads.SECRET + "[]",
                        "deny Deployment keyless/participant[governance-key-flag]",
                        "deny Deployment keyless/sv-app[governance-key-flag]",
                        "allow Secret keyless/" + Workloads.SECRET + "[]");
        assertThat(report.gaps()).isEmpty();
        assertThat(List.of(report.scope(), report.at())).isEqualTo(List.of("the test", NOW));
        assertThat(report.objects().get(0).uid()).isEqualTo("uid-participant");
        assertThat(report.fleet().get(0).kms())
                .isEqualTo("GCP KMS (project acme-canton, location us-east1, key ring sv-participant)");
        assertThat(report.fleet().get(1).next())
                .startsWith(
                        "set synchronizers.current.cometBFT.externalGovernanceKey: true in the values of splice-sv-node");
        assertThat(judged).hasValue(6);
    }

    @Test
    void tells_the_states_of_a_governance_key() {
        hasSv("foreign");
        server.has(Workloads.secret(
                "foreign",
                Workloads.SECRET,
                Map.of(
                        "public",
                        Keys.generate().publicKey(),
                        "private",
                        Keys.generate().privateKey())));
        hasSv("half");
        server.has(Workloads.secret("half", Workloads.SECRET, Map.of("public", "x")));
        hasSv("vault");
        server.has(Workloads.keyedSvApp()
                .in("vault")
                .withoutEnv(Workloads.PRIVATE_ENV)
                .withEnv(Workloads.PRIVATE_ENV, "vault:secret/data/sv#private")
                .json());
        hasSv("closed");
        server.has(Workloads.keyedSvApp()
                .in("closed")
                .withoutEnv(Workloads.PRIVATE_ENV)
                .withSecretEnv(Workloads.PRIVATE_ENV, "other", "private")
                .json());
        server.refuses("/api/v1/namespaces/closed/secrets/other", 403);
        hasSv("far");
        server.has(Workloads.keyedSvApp()
                .in("far")
                .withAddress("participant.foreign.svc")
                .json());

        assertThat(rows(audit()))
                .containsExactly(
                        "sv closed/sv-app participant kms unknown set deny",
                        "participant far/participant participant kms not-needed not-needed warn",
                        "sv far/sv-app participant kms valid set allow",
                        "sv foreign/sv-app participant kms invalid set deny",
                        "sv half/sv-app participant kms invalid set deny",
                        "sv vault/sv-app participant kms unknown set allow");
    }

    @Test
    void the_validator_app_of_an_sv_has_no_row() {
        hasSv("sv");
        for (var namespace : List.of("sv", "validator", "own")) {
            server.has(Workloads.participant()
                    .named("validator-app")
                    .in(namespace)
                    .withContainerName("validator-app")
                    .withImage("validator-app:0.7.3")
                    .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                    .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB")
                    .withEnv("SPLICE_APP_VALIDATOR_PARTICIPANT_ADDRESS", "participant")
                    .json());
        }
        server.has(Workloads.service("validator", "participant", "participant"));
        server.has(Workloads.secret("validator", "gke-credentials", Map.of("googleCredentials", "{}")));
        server.has(participant("validator"));
        server.has(Workloads.participant().in("own").json());

        assertThat(rows(audit()))
                .containsExactly(
                        "sv sv/sv-app participant kms valid set allow",
                        "validator validator/validator-app participant kms not-needed not-needed allow");
    }

    @Test
    void reads_every_page_and_begins_again_once_where_the_api_server_forgot() {
        for (var i = 0; i < 250; i++) {
            server.has(Workloads.participant().in("ns-" + i).json());
        }
        server.forgetsOnce("/apis/apps/v1/deployments");

        var report = audit();

        assertThat(report.objects()).hasSize(250);
        assertThat(report.gaps()).isEmpty();
        assertThat(server.asked().stream()
                        .filter(path -> path.startsWith("/apis/apps/v1/deployments?limit=200"))
                        .map(path -> path.contains("continue")))
                .containsExactly(false, true, false, true);
    }

    @Test
    void does_not_judge_what_is_being_deleted() {
        hasSv("sv");
        for (var object : List.of(
                Workloads.svApp().in("sv").json(),
                Workloads.secret("sv", Workloads.SECRET, Keys.generate().texts()))) {
            ((ObjectNode) object.path("metadata")).put("deletionTimestamp", "2026-05-01T08:00:00Z");
            server.has(object);
        }

        var report = audit();

        assertThat(rows(report))
                .containsExactly("participant sv/participant participant kms not-needed not-needed warn");
        assertThat(objects(report)).containsExactly("warn Deployment sv/participant[governance-key-flag]");
        assertThat(report.gaps()).isEmpty();
    }

    @Test
    void looks_at_namespaces_one_by_one_where_not_all_may_be_listed() {
        hasSv("open");
        hasSv("closed");
        for (var list : List.of(
                "/apis/apps/v1/deployments",
                "/apis/apps/v1/statefulsets",
                "/api/v1/secrets",
                "/api/v1/services",
                "/apis/apps/v1/namespaces/closed/deployments",
                "/apis/apps/v1/namespaces/closed/statefulsets",
                "/api/v1/namespaces/closed/secrets",
                "/api/v1/namespaces/closed/services")) {
            server.refuses(list, 403);
        }

        var report = audit();

        assertThat(rows(report)).containsExactly("sv open/sv-app participant kms valid set allow");
        assertThat(report.gaps())
                .isEqualTo(Stream.of("deployments", "statefulsets", SECRETS)
                        .map(what ->
                                new Gap(what + " in namespace closed", LACKS + what + " in namespace closed (403)"))
                        .toList());
    }

    @Test
    void says_how_to_go_on_where_no_namespace_is_known() {
        hasSv("sv");
        for (var list : List.of("/apis/apps/v1/deployments", "/api/v1/namespaces")) {
            server.refuses(list, 403);
        }

        assertThat(audit().gaps())
                .containsExactly(new Gap(
                        "deployments in all namespaces",
                        "your account may list neither deployments nor namespaces in all namespaces (403); name a"
                                + " namespace with -n"));
    }

    @Test
    void one_namespace_needs_no_rights_on_others() {
        hasSv("sv");
        hasSv("other");
        for (var list : List.of(
                "/apis/apps/v1/deployments",
                "/apis/apps/v1/statefulsets",
                "/api/v1/secrets",
                "/api/v1/services",
                "/api/v1/namespaces/kms-guard/configmaps/kms-guard-identities")) {
            server.refuses(list, 403);
        }

        var report = audit(Optional.of("sv"));

        assertThat(rows(report)).containsExactly("sv sv/sv-app participant kms valid set allow");
        assertThat(report.gaps()).isEmpty();
        assertThat(report.scope()).isEqualTo("namespace sv of the test, without sight of all other namespaces");
    }

    @Test
    void one_namespace_is_judged_in_the_whole_cluster_where_that_may_be_seen() {
        hasSv("sv");
        server.has(participant("apart"));
        server.has(Workloads.svApp()
                .named("far")
                .in("sv")
                .withAddress("participant.apart")
                .json());

        var report = audit(Optional.of("apart"));

        assertThat(rows(report)).isEmpty();
        assertThat(objects(report))
                .containsExactly("deny Deployment apart/participant[governance-key-flag, kms-credentials]");
        assertThat(report.scope()).isEqualTo("namespace apart of the test");
    }

    @Test
    void takes_what_could_not_be_listed_for_unknown_and_not_for_nothing() {
        hasSv("sv");
        server.refuses("/apis/apps/v1/statefulsets", 500);

        var report = audit();

        assertThat(report.gaps())
                .containsExactly(
                        new Gap("statefulsets in all namespaces", "could not be listed: the API server answered 500"));
        assertThat(objects(report)).contains("deny Deployment sv/participant[kms-identity-reuse, governance-key-flag]");
    }

    @Test
    void tells_a_participant_whose_keys_are_not_those_that_are_remembered() {
        hasSv("sv");
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
        server.has(memory);

        var report = audit();

        assertThat(report.gaps()).isEmpty();
        assertThat(objects(report)).contains("deny Deployment sv/participant[kms-identity-reuse]");
    }
}
