// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A participant's KMS comes by a ConfigMap, which changes without the Deployment; and the guard's memory is taken away by force. */
class SilentRoadsTest {

    private static final String RING = "key-ring-id = sv-participant";
    private static final String ENTRY = "participant-pg.roads";
    private static final String DATABASE = "participant-pg.roads:5432/participant_0/participant";

    private static ControlPlane plane;
    private static Guard guard;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start().withControllers();
        guard = Guard.install(plane, "helm3", "--set", "policy.audit.interval=30s");
    }

    @AfterAll
    static void stop() throws IOException {
        if (guard != null) {
            guard.close();
        }
        if (plane != null) {
            plane.close();
        }
    }

    private static String configMap(String namespace, String kms) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: kms, namespace: %s}
                data:
                  config: |
                    canton.participants.participant.parameters.batching.max-items-in-batch = 10
                    %s
                """.formatted(namespace, kms);
    }

    private static String kms(String ring) {
        return "canton.participants.participant.crypto { provider = kms, kms { type = gcp, location-id = us-east1,"
                + " project-id = acme-canton, " + ring + " } }";
    }

    private static String participant(String namespace) {
        return """
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: kms-user
                  namespace: %1$s
                  annotations: {iam.gke.io/gcp-service-account: kms@acme-canton.iam.gserviceaccount.com}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: participant, namespace: %1$s}
                spec:
                  selector: {matchLabels: {app: participant}}
                  template:
                    metadata: {labels: {app: participant}}
                    spec:
                      serviceAccountName: kms-user
                      containers:
                      - name: participant
                        image: registry.example.com/canton-participant:0.7.3
                        env:
                        - {name: CANTON_PARTICIPANT_POSTGRES_SERVER, value: participant-pg}
                        - {name: CANTON_PARTICIPANT_POSTGRES_DB, value: participant_0}
                        - {name: CANTON_PARTICIPANT_POSTGRES_SCHEMA, value: participant}
                        - name: ADDITIONAL_CONFIG_KMS
                          valueFrom: {configMapKeyRef: {name: kms, key: config}}
                """.formatted(namespace);
    }

    private static Ran apply(String text) throws IOException {
        return plane.kubectl("apply", "-f", plane.write("apply.yaml", text).toString());
    }

    private static Ran restart() throws IOException {
        return plane.kubectl("-n", "roads", "rollout", "restart", "deployment", "participant");
    }

    private static String memory(String name) throws IOException {
        return plane.kubectl(
                        "-n", Guard.NAMESPACE, "get", "configmap", name, "-o", "jsonpath={.data.identities\\.yaml}")
                .mustSucceed();
    }

    private static String memory() throws IOException {
        return memory("kms-guard-identities");
    }

    private static String cli(String... args) {
        var line = Stream.concat(
                Stream.of(args),
                Stream.of(
                        "--installed-as",
                        Guard.NAME,
                        "--namespace",
                        Guard.NAMESPACE,
                        "--kubeconfig",
                        plane.kubeconfig().toString()));
        return InProcess.run(Map.of("USER", "ada"), line.toArray(String[]::new));
    }

    private static void remove(String webhook) throws IOException {
        var names = plane.kubectl(
                        "get",
                        "validatingwebhookconfiguration",
                        Guard.NAME,
                        "-o",
                        "jsonpath={range .webhooks[*]}{.name}{\"\\n\"}{end}")
                .mustSucceed()
                .lines()
                .toList();
        plane.kubectl(
                        "patch",
                        "validatingwebhookconfiguration",
                        Guard.NAME,
                        "--type=json",
                        "-p",
                        "[{\"op\":\"remove\",\"path\":\"/webhooks/" + names.indexOf(webhook) + "\"}]")
                .mustSucceed();
    }

    private static void assertRefused(Ran ran, String webhook, String... says) {
        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(1);
        assertThat(ran.err())
                .contains("admission webhook \"" + webhook + "\" denied the request: ")
                .contains(says);
        System.out.println(ran.err());
    }

    private static List<String> findings() {
        return guard.replicas().stream()
                .flatMap(replica -> replica.metrics().lines())
                .filter(line -> line.startsWith("kms_guard_audit_findings{action=\"deny\",rule=\"kms-migration\"}"))
                .toList();
    }

    private static String events() throws IOException {
        return plane.kubectl(
                        "-n",
                        "roads",
                        "get",
                        "events",
                        "--field-selector",
                        "reason=KmsGuardFinding,involvedObject.name=participant",
                        "-o",
                        "jsonpath={range .items[*]}{.count} {.message}{\"\\n\"}{end}")
                .mustSucceed();
    }

    /** Changed or gone, it is judged as the next start of what refers to it. */
    private static void configMapIsReviewed() throws Exception {
        assertRefused(
                apply(configMap("roads", "")),
                "configuration.kms-guard.io",
                "ConfigMap roads/kms: at the next start of Deployment roads/participant: ",
                "takes the participant off its KMS");
        assertRefused(
                apply(configMap("roads", kms("key-ring-id = another"))),
                "configuration.kms-guard.io",
                "key ring another), where its keys are not");
        assertRefused(
                plane.kubectl("-n", "roads", "delete", "configmap", "kms"),
                "configuration.kms-guard.io",
                "leave ConfigMap roads/kms where it is");
        apply(configMap("roads", kms(RING) + "\n    # a comment")).mustSucceed();
    }

    /** By the memory, a metric, one Event and the command line. */
    private static void conflictIsTold() throws Exception {
        Await.until(() -> memory().contains("conflict: {keys: []"), () -> "a conflict:\n" + guard.tails());
        assertThat(memory()).contains("keys: [{type: gcp, project: \"acme-canton\"");
        Await.until(
                () -> findings()
                        .equals(List.of("kms_guard_audit_findings{action=\"deny\",rule=\"kms-migration\"} 1.0")),
                () -> "the metric:\n" + guard.tails());
        Await.until(() -> events().lines().count() == 1, () -> "the Event");
        assertThat(events()).startsWith("1 kms-migration: container participant: its database participant_0");
        var list = cli("identities", "list");
        assertThat(list)
                .startsWith("1 ")
                .contains(DATABASE + "\n  first seen: GCP KMS (project acme-canton, location us-east1, key ring"
                        + " sv-participant) (Deployment roads/participant, last so on ")
                .contains("\n  CONFLICT: no KMS (Deployment roads/participant, since ");
        System.out.println(list);
    }

    /** With nobody left who held it. */
    private static void everyReplicaStartsAnewOnAnEmptyMemory() throws Exception {
        for (var replica : List.copyOf(guard.replicas())) {
            guard.stop(replica);
        }
        plane.kubectl(
                        "-n",
                        Guard.NAMESPACE,
                        "replace",
                        "-f",
                        plane.write("empty.yaml", """
                                apiVersion: v1
                                kind: ConfigMap
                                metadata: {name: kms-guard-identities, namespace: kms-guard}
                                """).toString())
                .mustSucceed();
        assertThat(memory()).isEmpty();
        guard.start("c");
        guard.start("d");
        guard.awaitReady(2);
        Await.until(() -> memory().contains("participant-pg.kept"), () -> "an entry after all restarted");
    }

    @Test
    void an_identity_is_lost_unseen_neither_by_a_config_map_nor_by_a_restart_nor_while_nobody_is_asked()
            throws Exception {
        plane.kubectl("create", "namespace", "roads").mustSucceed();
        apply(configMap("roads", kms(RING))).mustSucceed();
        apply(participant("roads")).mustSucceed();
        Await.until(() -> memory().contains(ENTRY), () -> "what runs in the memory");

        configMapIsReviewed();
        remove("configuration.kms-guard.io");
        Await.until(() -> apply(configMap("roads", "")).exitCode() == 0, () -> "a webhook that is gone");
        assertRefused(
                restart(),
                "workloads.kms-guard.io",
                "Deployment roads/participant: container participant: its database participant_0, schema participant, at "
                        + ENTRY
                        + ":5432, holds the identity of Deployment roads/participant, which kept its keys in GCP"
                        + " KMS (project acme-canton, location us-east1, key ring sv-participant)",
                "the participant names no KMS");

        remove("workloads.kms-guard.io");
        Await.until(() -> restart().exitCode() == 0, () -> "a webhook that is gone");
        conflictIsTold();
        guard.upgrade("helm3", "--set", "policy.audit.interval=30s");
        Await.until(
                () -> restart().err().contains("workloads.kms-guard.io"), () -> "the webhooks that are there again");
        apply(configMap("roads", kms(RING))).mustSucceed();
        restart().mustSucceed();
        Await.until(() -> !memory().contains("conflict"), () -> "a conflict that is mended");
        assertThat(cli("identities", "list")).startsWith("0 ").contains(DATABASE);
    }

    @Test
    void what_is_remembered_outlives_force_replacement_and_a_new_installation() throws Exception {
        plane.kubectl("create", "namespace", "kept").mustSucceed();
        apply(configMap("kept", kms(RING))).mustSucceed();
        apply(participant("kept")).mustSucceed();
        Await.until(
                () -> memory().contains("participant-pg.kept")
                        && memory("kms-guard-identities-copy").contains("participant-pg.kept"),
                () -> "what runs in the memory and its copy");
        plane.kubectl("-n", "kept", "delete", "deployment", "participant").mustSucceed();

        // Helm gives up where the guard writes a caBundle at that moment.
        Await.until(
                () -> guard.tryUpgrade("helm3", "--force", "--set", "policy.audit.interval=30s")
                                .exitCode()
                        == 0,
                () -> "an upgrade by force");
        Await.until(() -> memory().contains("participant-pg.kept"), () -> "an entry after force:\n" + guard.tails());
        assertRefused(
                apply(participant("kept").replace("- name: ADDITIONAL_CONFIG_KMS\n", "- name: UNUSED\n")),
                "workloads.kms-guard.io",
                "participant-pg.kept");

        everyReplicaStartsAnewOnAnEmptyMemory();
        var forget = cli("identities", "forget", "participant-pg.kept:5432/participant_0/participant", "--yes");
        assertThat(forget).startsWith("0 participant-pg.kept:5432").endsWith("Done.\n");
        Await.until(
                () -> !memory("kms-guard-identities-copy").contains("name: \"participant\"}\n  lastSeen")
                        || memory("kms-guard-identities-copy").contains("by: \"ada\""),
                () -> "a copy that agrees");
        assertThat(memory()).contains("forgotten:").contains("by: \"ada\"");
    }
}
