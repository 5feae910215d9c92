// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The audit of a cluster by two replicas with the rights of the chart and no more: reports and Events on a real API server, on an SV
 * that was there before the guard.
 */
class AuditLoopTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path DEFINITION = Path.of("src", "test", "resources", "crd", "reports.openreports.io.yaml");
    private static final String ABSENT =
            "no reports are written: neither openreports.io/v1alpha1 nor wgpolicyk8s.io/v1alpha2 is installed";

    private static ControlPlane plane;
    private static Guard guard;
    private static long absences;

    /** Three SVs without their key, then a guard, and only when it has looked twice the reports' definition. */
    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
        plane.withControllers();
        for (var namespace : List.of("mended", "led", "refused")) {
            bad(namespace);
        }
        guard = Guard.install(plane, "helm4", "--set", "policy.audit.interval=30s");
        Await.until(() -> rounds() >= 2, () -> "two rounds:\n" + logs());
        absences = logs().lines().filter(line -> line.contains(ABSENT)).count();
        plane.kubectl("apply", "-f", DEFINITION.toAbsolutePath().toString()).mustSucceed();
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

    private static String logs() {
        return guard.replicas().stream().map(replica -> replica.process().log()).collect(Collectors.joining());
    }

    private static long rounds() {
        return logs().lines().filter(line -> line.contains("\"audited\"")).count();
    }

    private static void bad(String namespace) throws IOException {
        plane.kubectl("create", "namespace", namespace).mustSucceed();
        plane.kubectl("apply", "-f", workloads(namespace, "true")).mustSucceed();
    }

    /** An SV app with or without CometBFT, on a participant on a KMS. */
    private static String workloads(String namespace, String cometBft) throws IOException {
        var participant = deployment(namespace, "participant", "canton-participant", """
                {name: CANTON_PARTICIPANT_POSTGRES_SERVER, value: %s-pg},
                {name: CANTON_PARTICIPANT_POSTGRES_DB, value: participant_0},
                {name: ADDITIONAL_CONFIG_KMS, value: "canton.participants.participant.crypto {\
                 provider = kms, kms { type = driver, name = hsm } }"}""".formatted(namespace));
        var svApp = deployment(namespace, "sv-app", "sv-app", """
                {name: SPLICE_APP_SV_PARTICIPANT_ADDRESS, value: participant},
                {name: SPLICE_APP_SV_COMETBFT_ENABLED, value: "%s"}""".formatted(cometBft));
        return plane.write("workloads.yaml", participant + "---\n" + svApp).toString();
    }

    private static String deployment(String namespace, String name, String image, String env) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %2$s, namespace: %1$s}
                spec:
                  selector: {matchLabels: {app: %2$s}}
                  template:
                    metadata: {labels: {app: %2$s}}
                    spec:
                      containers:
                      - name: %2$s
                        image: registry.example.com/%3$s:0.7.3
                        env: [%4$s]
                """.formatted(namespace, name, image, env.replace('\n', ' '));
    }

    private static List<JsonNode> items(String namespace, String... what) throws IOException {
        var line = Stream.concat(Stream.of("-n", namespace, "get", "-o", "json"), Stream.of(what));
        return JSON.readTree(plane.kubectl(line.toArray(String[]::new)).mustSucceed())
                .path("items")
                .valueStream()
                .toList();
    }

    private static List<JsonNode> reports(String namespace) throws IOException {
        return items(namespace, "reports.openreports.io").stream()
                .filter(report -> report.at("/scope/name").asString("").equals("sv-app"))
                .toList();
    }

    private static List<JsonNode> events(String namespace) throws IOException {
        return items(
                namespace,
                "events",
                "--field-selector",
                "reason=KmsGuardFinding,involvedObject.kind=Deployment,involvedObject.name=sv-app");
    }

    private static void awaitReport(String namespace, String result) {
        Await.until(
                () -> reports(namespace).stream()
                        .anyMatch(report ->
                                report.at("/results/0/result").asString("").equals(result)),
                () -> "a report on " + namespace + " that says " + result + ":\n" + logs());
    }

    private static void awaitRounds(long more) {
        var target = rounds() + more;
        Await.until(() -> rounds() >= target, () -> more + " more rounds:\n" + logs());
    }

    private static String uid(String namespace) throws IOException {
        return plane.kubectl("-n", namespace, "get", "deployment", "sv-app", "-o", "jsonpath={.metadata.uid}")
                .mustSucceed();
    }

    @Test
    void says_once_that_no_reports_are_installed_and_writes_them_when_they_are() {
        assertThat(absences).isEqualTo(1);
        awaitReport("led", "fail");
        assertThat(logs()).contains("reports are written as openreports.io/v1alpha1");
    }

    @Test
    void an_sv_that_was_there_before_is_reported_until_it_is_mended_and_gone() throws Exception {
        awaitReport("mended", "fail");
        var report = reports("mended").get(0);
        var uid = uid("mended");
        assertThat(report.at("/metadata/name").asString("")).isEqualTo("kms-guard-" + uid);
        assertThat(report.at("/metadata/labels").toString())
                .isEqualTo("{\"app.kubernetes.io/managed-by\":\"kms-guard\"}");
        assertThat(report.at("/metadata/ownerReferences"))
                .isEqualTo(JSON.readTree("[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"sv-app\","
                        + "\"uid\":\"" + uid + "\"}]"));
        assertThat(report.path("source").asString("")).isEqualTo("kms-guard");
        assertThat(report.path("scope"))
                .isEqualTo(JSON.readTree("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"namespace\":\"mended\","
                        + "\"name\":\"sv-app\",\"uid\":\"" + uid + "\"}"));
        assertThat(report.path("summary"))
                .isEqualTo(JSON.readTree("{\"pass\":0,\"fail\":1,\"warn\":0,\"error\":0,\"skip\":0}"));
        var result = report.at("/results/0");
        assertThat(Stream.of("source", "policy", "rule", "category", "severity", "result")
                        .map(field -> result.path(field).asString("")))
                .containsExactly("kms-guard", "kms-guard", "governance-key-flag", "broken", "high", "fail");
        assertThat(result.at("/timestamp/seconds").asLong()).isPositive();
        assertThat(result.at("/timestamp/nanos").isInt()).isTrue();
        assertThat(result.path("message").asString("")).startsWith("container sv-app: ");
        assertThat(result.at("/properties/action").asString("")).isEqualTo("deny");
        assertThat(result.at("/properties/fix").asString("")).isNotBlank();
        assertThat(result.at("/properties/docs").asString("")).isEqualTo("docs/rules/governance-key-flag.md");

        awaitRounds(1);
        assertThat(reports("mended").get(0))
                .as("unchanged and not written again")
                .isEqualTo(report);

        plane.kubectl("apply", "-f", workloads("mended", "false")).mustSucceed();
        awaitReport("mended", "pass");
        plane.kubectl("-n", "mended", "delete", "deployment", "sv-app").mustSucceed();
        Await.until(() -> reports("mended").isEmpty(), () -> "no report on what is gone:\n" + logs());
    }

    @Test
    void a_finding_is_an_event_once_whoever_leads_and_never_for_a_dry_run() throws Exception {
        Await.until(() -> !events("led").isEmpty(), () -> "an Event:\n" + logs());
        awaitRounds(2);
        var dry = plane.kubectl("apply", "--dry-run=server", "-f", workloads("led", "true"));
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertOneEvent();

        var holder = plane.kubectl(
                        "-n", Guard.NAMESPACE, "get", "lease", Guard.NAME, "-o", "jsonpath={.spec.holderIdentity}")
                .mustSucceed();
        var leader = guard.replicas().stream()
                .filter(replica -> holder.equals(Guard.NAME + "-" + replica.name()))
                .findFirst()
                .orElseThrow();
        guard.kill(leader);
        Await.until(() -> rounds() >= 1, () -> "a round of the next leader:\n" + logs());
        assertOneEvent();
        assertThat(series(guard.replicas().get(0)))
                .anyMatch(line ->
                        line.startsWith("kms_guard_audit_findings{action=\"deny\",rule=\"governance-key-flag\"}"));
        var follower = guard.start(leader.name());
        guard.awaitReady(2);
        assertThat(series(follower)).noneMatch(line -> line.startsWith("kms_guard_audit_findings"));
    }

    private static void assertOneEvent() throws IOException {
        var events = events("led");
        assertThat(events).hasSize(1);
        var event = events.get(0);
        assertThat(event.path("count").asInt()).isEqualTo(1);
        assertThat(event.path("type").asString("")).isEqualTo("Warning");
        assertThat(event.at("/involvedObject/uid").asString("")).isEqualTo(uid("led"));
        assertThat(event.at("/source/component").asString("")).isEqualTo("kms-guard");
        assertThat(event.path("message").asString(""))
                .startsWith("governance-key-flag: container sv-app: ")
                .contains(" Fix: ");
    }

    private static List<String> series(GuardReplica replica) {
        return replica.metrics()
                .lines()
                .filter(line -> line.startsWith("kms_guard_audit"))
                .toList();
    }

    @Test
    void a_right_that_is_lacking_is_told_and_stops_nothing() throws Exception {
        awaitReport("refused", "fail");
        var role = JSON.readTree(
                plane.kubectl("get", "clusterrole", Guard.NAME, "-o", "json").mustSucceed());
        var place = -1;
        for (var i = 0; i < role.path("rules").size(); i++) {
            place = role.at("/rules/" + i + "/apiGroups/0").asString("").equals("openreports.io") ? i : place;
        }
        rights(place, "[\"list\"]");
        plane.kubectl("apply", "-f", workloads("refused", "false")).mustSucceed();
        Await.until(
                () -> guard.replicas().stream()
                        .anyMatch(replica -> replica.readyz()
                                .contains("not told: the guard's account lacks the right to update"
                                        + " reports.openreports.io (403)")),
                () -> "the trouble in the readiness detail:\n" + logs());
        guard.awaitReady(2);
        assertThat(guard.replicas().stream().flatMap(AuditLoopTest::failures)).anyMatch(count -> count > 0);

        rights(place, "[\"list\",\"create\",\"update\",\"delete\"]");
        awaitReport("refused", "pass");
    }

    private static void rights(int place, String verbs) throws IOException {
        plane.kubectl(
                        "patch",
                        "clusterrole",
                        Guard.NAME,
                        "--type=json",
                        "-p",
                        "[{\"op\":\"replace\",\"path\":\"/rules/" + place + "/verbs\",\"value\":" + verbs + "}]")
                .mustSucceed();
    }

    private static Stream<Double> failures(GuardReplica replica) {
        return series(replica).stream()
                .filter(line -> line.startsWith("kms_guard_audit_write_failures_total"))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' '))));
    }
}
