// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two replicas behind the Service, with the rights of the chart and no more: what they hear of the cluster, what they remember of
 * it, and the policy that they take from it.
 */
class ListeningGuardTest {

    private static final String KMS =
            "canton.participants.participant.crypto { provider = kms, kms {" + " type = driver, name = hsm } }";
    private static final String ENVELOPE =
            "canton.participants.participant.crypto.private-key-store.encryption.type = kms";
    private static final String HEAD = "apiVersion: kms-guard.io/v1\\nkind: GuardPolicy\\n";

    private static volatile Instant beganFrom = Instant.MAX;
    private static volatile Instant beganUntil = Instant.MAX;
    private static ControlPlane plane;
    private static Guard guard;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
        plane.withControllers();
        guard = Guard.install(plane, "helm4");
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

    /** The chart gives every right that is used. An API server that has just begun does not know yet what it allows. */
    @AfterEach
    void nothing_was_forbidden() {
        assertThat(logs().lines().filter(line -> line.contains("(403)") && !wasJustBegun(line)))
                .isEmpty();
    }

    private static boolean wasJustBegun(String line) {
        var time = Instant.parse(line.replaceAll("^.*\"time\":\"([^\"]+)\".*$", "$1"));
        return time.isAfter(beganFrom) && time.isBefore(beganUntil);
    }

    private static String logs() {
        return guard.replicas().stream().map(replica -> replica.process().log()).collect(Collectors.joining());
    }

    /** Of the guard's own namespace. */
    private static Ran own(String... args) throws IOException {
        return plane.kubectl(
                Stream.concat(Stream.of("-n", Guard.NAMESPACE), Stream.of(args)).toArray(String[]::new));
    }

    private static void namespace(String name) throws IOException {
        plane.kubectl("create", "namespace", name).mustSucceed();
    }

    /** A participant with a database of its own in that namespace. */
    private static String participant(String namespace, String config) throws IOException {
        var file = plane.write("participant.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: participant, namespace: %1$s}
                spec:
                  selector: {matchLabels: {app: participant}}
                  template:
                    metadata: {labels: {app: participant}}
                    spec:
                      containers:
                      - name: participant
                        image: registry.example.com/canton-participant:0.7.3
                        env:
                        - {name: CANTON_PARTICIPANT_POSTGRES_SERVER, value: "%1$s-pg"}
                        - {name: CANTON_PARTICIPANT_POSTGRES_PORT, value: "5432"}
                        - {name: CANTON_PARTICIPANT_POSTGRES_DB, value: participant_0}
                        - {name: CANTON_PARTICIPANT_POSTGRES_SCHEMA, value: participant}
                        - {name: ADDITIONAL_CONFIG_KMS, value: "%2$s"}
                """.formatted(namespace, config));
        return file.toString();
    }

    private static String svApp(String namespace) throws IOException {
        return plane.write("sv-app.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: sv-app, namespace: %s}
                spec:
                  selector: {matchLabels: {app: sv-app}}
                  template:
                    metadata: {labels: {app: sv-app}}
                    spec:
                      containers:
                      - name: sv-app
                        image: registry.example.com/sv-app:0.7.3
                        env:
                        - {name: SPLICE_APP_SV_PARTICIPANT_ADDRESS, value: participant}
                        - {name: SPLICE_APP_SV_COMETBFT_ENABLED, value: "true"}
                """.formatted(namespace)).toString();
    }

    private static void assertRefused(String file, String rule) throws IOException {
        var ran = plane.kubectl("apply", "-f", file);
        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(1);
        assertThat(ran.err()).contains(rule);
    }

    private static void awaitRemembered(String namespace) {
        Await.until(
                () -> own("get", "configmap", "kms-guard-identities", "-o", "yaml")
                        .mustSucceed()
                        .contains(namespace + "-pg"),
                () -> "the database of " + namespace + " in the memory:\n" + logs());
    }

    @Test
    void a_database_is_remembered_after_its_participant_is_gone() throws Exception {
        namespace("kept");
        plane.kubectl("apply", "-f", participant("kept", KMS)).mustSucceed();
        assertRefused(participant("kept", ""), "kms-migration");
        awaitRemembered("kept");

        plane.kubectl("-n", "kept", "delete", "deployment", "participant").mustSucceed();
        assertRefused(participant("kept", ""), "kms-identity-reuse");
        plane.kubectl("apply", "-f", participant("kept", KMS)).mustSucceed();
    }

    @Test
    void a_memory_that_is_not_understood_is_no_empty_one_and_is_not_written_over() throws Exception {
        namespace("spoilt");
        plane.kubectl("apply", "-f", participant("spoilt", KMS)).mustSucceed();
        awaitRemembered("spoilt");
        var memory = memory();
        memorize("databases: 7\n");
        namespace("next");

        Await.until(
                () -> {
                    var ran = plane.kubectl("apply", "--dry-run=server", "-f", participant("next", KMS));
                    return ran.err()
                            .contains("what is remembered of databases cannot be read: ConfigMap"
                                    + " kms-guard/kms-guard-identities identities.yaml:1: ");
                },
                () -> "a refusal that says what cannot be read: " + logs());
        assertThat(memory()).isEqualTo("databases: 7\n");

        memorize(memory);
        Await.until(
                () -> plane.kubectl("apply", "-f", participant("next", KMS)).exitCode() == 0,
                () -> "a memory that is understood again");
        awaitRemembered("next");
        assertThat(memory()).contains("spoilt-pg");
    }

    private static String memory() throws IOException {
        return own("get", "configmap", "kms-guard-identities", "-o", "jsonpath={.data.identities\\.yaml}")
                .mustSucceed();
    }

    private static void memorize(String text) throws IOException {
        var patch = new JsonMapper().createObjectNode();
        patch.putObject("data").put("identities.yaml", text);
        own("patch", "configmap", "kms-guard-identities", "--type=merge", "-p", patch.toString())
                .mustSucceed();
    }

    @Test
    void an_sv_app_is_refused_for_the_participant_that_was_created_just_before() throws Exception {
        namespace("pair");
        plane.kubectl("apply", "-f", participant("pair", KMS)).mustSucceed();

        assertRefused(svApp("pair"), "governance-key-flag");
    }

    @Test
    void another_leader_goes_on_remembering() throws Exception {
        namespace("before");
        plane.kubectl("apply", "-f", participant("before", KMS)).mustSucceed();
        awaitRemembered("before");
        var holder = own("get", "lease", Guard.NAME, "-o", "jsonpath={.spec.holderIdentity}")
                .mustSucceed();
        var leader = guard.replicas().stream()
                .filter(replica -> holder.equals(Guard.NAME + "-" + replica.name()))
                .findFirst()
                .orElseThrow();

        guard.kill(leader);
        assertRefused(participant("before", ""), "kms-migration");
        namespace("after");
        plane.kubectl("apply", "-f", participant("after", KMS)).mustSucceed();
        guard.start(leader.name());
        awaitRemembered("after");
        guard.awaitReady(2);
    }

    private static void policy(String rest) throws IOException {
        own(
                        "patch",
                        "configmap",
                        "kms-guard-policy",
                        "--type=merge",
                        "-p",
                        "{\"data\":{\"policy.yaml\":\"" + HEAD + rest + "\"}}")
                .mustSucceed();
    }

    private static boolean passes(String file) throws IOException {
        return plane.kubectl("apply", "--dry-run=server", "-f", file).exitCode() == 0;
    }

    /** How each of two replicas answers, since they answer in turn. */
    private static List<Boolean> bothPass(String file) throws IOException {
        return List.of(passes(file), passes(file));
    }

    private static void awaitPasses(String file, boolean passes) {
        Await.until(
                () -> bothPass(file).equals(List.of(passes, passes)),
                () -> "a policy by which it " + (passes ? "passes" : "is refused") + ":\n" + logs());
    }

    @Test
    void another_policy_takes_effect_and_the_last_good_one_stays() throws Exception {
        namespace("policies");
        var envelope = participant("policies", ENVELOPE);
        awaitPasses(envelope, false);

        policy("rules: {kms-mode: warn}");
        awaitPasses(envelope, true);

        policy("rules: {kms-mod: deny}");
        Await.until(
                () -> guard.replicas().stream()
                        .allMatch(replica -> replica.process()
                                .log()
                                .contains("unknown key kms-mod in rules; did you mean kms-mode?")),
                () -> "the mistake in the logs");
        assertThat(bothPass(envelope)).containsExactly(true, true);

        own("delete", "configmap", "kms-guard-policy").mustSucceed();
        Await.until(
                () -> guard.replicas().stream()
                        .allMatch(replica -> replica.readyz().contains("it is not there")),
                () -> "the readiness detail: "
                        + guard.replicas().stream().map(GuardReplica::readyz).toList());
        assertThat(bothPass(envelope)).containsExactly(true, true);

        var late = guard.start("late");
        Await.until(
                () -> late.readyz()
                        .contains("[-]policy not ready: no policy: ConfigMap kms-guard/kms-guard-policy:"
                                + " it is not there; it comes with the installation"),
                () -> "a replica without a policy: " + late.readyz());
        guard.upgrade("helm4");
        guard.awaitReady(3);
        guard.stop(late);
        awaitPasses(envelope, false);
    }

    @Test
    void hears_again_after_the_api_server_was_away() throws Exception {
        namespace("away");
        plane.killApiServer();
        Await.until(
                () -> guard.replicas().stream()
                        .allMatch(replica -> replica.readyz().contains("refuses connections")),
                () -> "the trouble in the readiness detail");
        guard.awaitReady(2);
        beganFrom = Instant.now();
        plane.restartApiServer();

        Await.until(
                () -> guard.replicas().stream()
                        .allMatch(replica -> replica.readyz().contains("[+]world ok\n")),
                () -> "the watches");
        beganUntil = Instant.now();
        plane.kubectl("apply", "-f", participant("away", KMS)).mustSucceed();
        assertRefused(svApp("away"), "governance-key-flag");
        awaitRemembered("away");
    }
}
