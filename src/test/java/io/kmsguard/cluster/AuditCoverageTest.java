// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.Auditor;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.policy.Keys;
import io.kmsguard.policy.PolicyException;
import io.kmsguard.policy.Workloads;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What no single review can see, because it comes about without one, or before there was a guard. */
class AuditCoverageTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-05-01T08:00:00Z"), ZoneOffset.UTC);

    private FakeApiServer server;
    private ClusterSurroundings world;

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer();
        Config config =
                new ConfigBuilder(Config.empty()).withMasterUrl(server.url()).build();
        world = ClusterSurroundings.of(new ClusterAccess.Configured(config, "a test"));
    }

    @AfterEach
    void stop() {
        world.close();
        server.close();
    }

    /** A KMS participant with its credentials, and an SV app with that key. */
    private void hasSv(String namespace, Keys keys) {
        hasParticipant(namespace);
        server.has(Workloads.secret(namespace, "gke-credentials", Map.of("googleCredentials", "{}")));
        server.has(Workloads.secret(namespace, Workloads.SECRET, keys.texts()));
        server.has(Workloads.keyedSvApp().in(namespace).json());
    }

    private void hasParticipant(String namespace) {
        server.hasNamespaces(namespace);
        server.has(Workloads.service(namespace, "participant", "participant"));
        server.has(Workloads.kmsParticipant()
                .in(namespace)
                .withEnv("GOOGLE_APPLICATION_CREDENTIALS", "/app/gcp")
                .withSecretMount("gcp", "gke-credentials", "/app/gcp", "googleCredentials")
                .json());
    }

    private AuditReport audit(PolicyFile policy) {
        var source = new ClusterAudit(world, "the test", Optional.empty(), new Installation("kms-guard", "kms-guard"));
        return new Auditor(policy, CLOCK).audit(source, () -> {});
    }

    /** Each finding, as object, rule, action, and why. */
    private static List<String> found(AuditReport report) {
        assertThat(report.gaps()).isEmpty();
        return report.objects().stream()
                .flatMap(object -> object.judgement().rulings().stream()
                        .map(ruling -> (object.ref() + " "
                                        + ruling.finding().rule().id() + " "
                                        + ruling.action().id() + " " + ruling.why())
                                .strip()))
                .toList();
    }

    private List<String> found() {
        return found(audit(PolicyFile.DEFAULT));
    }

    @Test
    void nothing_is_found_of_what_is_right() {
        hasSv("a", Keys.generate());
        hasSv("b", Keys.generate());
        assertThat(found()).isEmpty();
    }

    @Test
    void a_key_that_two_svs_share() {
        var keys = Keys.generate();
        hasSv("a", keys);
        hasSv("b", keys);
        assertThat(found())
                .containsExactly(
                        "Deployment a/sv-app governance-key-shared deny",
                        "Secret a/" + Workloads.SECRET + " governance-key-shared deny",
                        "Deployment b/sv-app governance-key-shared deny",
                        "Secret b/" + Workloads.SECRET + " governance-key-shared deny");
    }

    @Test
    void a_key_that_the_world_knows() {
        hasSv("a", Keys.ofZeroSeed());
        assertThat(found())
                .containsExactly(
                        "Deployment a/sv-app governance-key-published deny",
                        "Secret a/" + Workloads.SECRET + " governance-key-published deny");
    }

    @Test
    void credentials_whose_secret_is_gone() {
        hasParticipant("a");
        assertThat(found()).contains("Deployment a/participant kms-credentials deny");
    }

    @Test
    void an_sv_without_its_flag() {
        hasParticipant("a");
        server.has(Workloads.secret("a", "gke-credentials", Map.of("googleCredentials", "{}")));
        server.has(Workloads.svApp().in("a").json());
        assertThat(found())
                .containsExactly(
                        "Deployment a/participant governance-key-flag deny",
                        "Deployment a/sv-app governance-key-flag deny");
    }

    @Test
    void an_exception_that_has_ended() {
        hasSv("a", Keys.ofZeroSeed());
        var usual = PolicyFile.DEFAULT;
        var ended = new PolicyException(
                "governance-key-published",
                "a",
                Optional.of("sv-app"),
                "jane@example.com",
                "a test",
                LocalDate.parse("2026-04-30"));
        var report = audit(new PolicyFile(
                usual.actions(),
                usual.onUnknown(),
                usual.injection(),
                usual.secrets(),
                usual.drivers(),
                List.of(ended),
                usual.audit()));
        assertThat(report.expired()).containsExactly(ended);
        assertThat(found(report))
                .contains("Deployment a/sv-app governance-key-published deny"
                        + " the exception of jane@example.com ended on 2026-04-30");
    }

    private void hasWebhook(String name) {
        var webhook = new JsonMapper().createObjectNode().put("kind", "MutatingWebhookConfiguration");
        webhook.putObject("metadata").put("name", name);
        webhook.putArray("webhooks").addObject().put("name", "pods.example.com");
        server.has(webhook);
    }

    private static ObjectNode vaulted() {
        return Workloads.svApp()
                .in("a")
                .withoutEnv("SPLICE_APP_SV_COMETBFT_ENABLED")
                .withEnv("AUTH_CLIENT_SECRET", "vault:secret/data/sv#auth")
                .json();
    }

    @Test
    void vault_references_without_their_injector() {
        hasParticipant("a");
        server.has(Workloads.secret("a", "gke-credentials", Map.of("googleCredentials", "{}")));
        server.has(vaulted());
        hasWebhook("pod-identity");
        assertThat(found()).contains("Deployment a/sv-app vault-injector warn");

        hasWebhook("vault-secrets-webhook");
        assertThat(found()).noneMatch(each -> each.contains("vault-injector"));
    }

    @Test
    void a_participant_whose_keys_are_not_those_that_its_database_was_last_seen_with() {
        hasSv("a", Keys.generate());
        var memory = new JsonMapper().createObjectNode().put("kind", "ConfigMap");
        memory.putObject("metadata").put("namespace", "kms-guard").put("name", "kms-guard-identities");
        memory.putObject("data").put("identities.yaml", """
                apiVersion: kms-guard.io/v1
                kind: ParticipantIdentities
                databases:
                - {server: participant-pg.a, port: "5432", database: participant_0, schema: public, keys: [],
                   workload: {kind: Deployment, namespace: a, name: participant}, lastSeen: 2026-04-01}
                """);
        server.has(memory);
        assertThat(found()).containsExactly("Deployment a/participant kms-migration deny");
    }
}
