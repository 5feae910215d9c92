// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cluster.CertificateStore;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterClient;
import io.kmsguard.cluster.Installation;
import io.kmsguard.cluster.Outcome;
import io.kmsguard.server.ManagedCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The guard's own certificates with a real API server, the chart as Helm installs it, and the rights that it gives. */
class OwnCertificatesTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> KINDS = List.of("validatingwebhookconfiguration", "mutatingwebhookconfiguration");

    /** Webhooks of the chart in both configurations. */
    private static final int WEBHOOKS = 4;

    private static ControlPlane plane;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (plane != null) {
            plane.close();
        }
    }

    private static void install(String helm, String release) throws IOException {
        plane.run(helm, "install", release, chart(), "-n", release, "--create-namespace")
                .mustSucceed();
    }

    private static String chart() {
        return Path.of("manifests", "chart").toAbsolutePath().toString();
    }

    private static GuardReplica replica(String release, String pod) throws IOException {
        return GuardReplica.start(plane, plane.kubeconfig(release, release), pod, release, release);
    }

    private static JsonNode get(String release, String kind, String name) throws IOException {
        return JSON.readTree(plane.kubectl("-n", release, "get", kind, name, "-o", "json", "--show-managed-fields")
                .mustSucceed());
    }

    private static JsonNode secret(String release) throws IOException {
        return get(release, "secret", release + "-certificates").path("data");
    }

    /** The caBundle of each webhook, sorted by configuration and webhook. */
    private static List<String> bundles(String release) throws IOException {
        var bundles = new TreeMap<String, String>();
        for (var kind : KINDS) {
            for (var webhook : get(release, kind, release).path("webhooks")) {
                bundles.put(
                        kind + "/" + webhook.path("name").asString(""),
                        webhook.at("/clientConfig/caBundle").asString(""));
            }
        }
        return List.copyOf(bundles.values());
    }

    private static boolean areTrusted(String release) throws IOException {
        var bundles = bundles(release);
        return bundles.size() == WEBHOOKS
                && bundles.stream().allMatch(secret(release).path("ca.crt").asString("none")::equals);
    }

    private static void awaitTrusted(String release) {
        Await.until(() -> areTrusted(release), () -> "the caBundle of " + release);
    }

    private static String holder(String release) throws IOException {
        return get(release, "lease", release).at("/spec/holderIdentity").asString("");
    }

    private static String text(JsonNode data, String key) {
        return new String(Base64.getDecoder().decode(data.path(key).asString("")), StandardCharsets.UTF_8);
    }

    @Test
    void two_replicas_that_start_at_once_make_one_authority_and_one_follows_the_other() throws Exception {
        install("helm4", "first");
        try (var one = replica("first", "first-one");
                var two = replica("first", "first-two")) {
            one.awaitReady();
            two.awaitReady();
            awaitTrusted("first");

            assertThat(text(secret("first"), "ca.crt")).containsOnlyOnce("BEGIN CERTIFICATE");
            assertThat((one.log() + two.log()).split("made a new authority", -1))
                    .hasSize(2);
            assertThat((one.log() + two.log()).split("made a new certificate", -1))
                    .hasSize(2);
            assertThat(one.log() + two.log()).doesNotContain("PRIVATE KEY");
            assertReviewsArrive("first", one);

            var leader = holder("first").equals("first-one") ? one : two;
            leader.terminate();
            var next = leader == one ? "first-two" : "first-one";
            Await.until(() -> holder("first").equals(next), () -> "the next leader");
            tamper("first", "mutatingwebhookconfiguration");
            awaitTrusted("first");
        }
    }

    /** Reviews of the API server reach it by the Service, and are refused where the caBundle is not the right one. */
    private static void assertReviewsArrive(String release, GuardReplica replica) throws IOException {
        var address = get(release, "service", release).at("/spec/clusterIP").asString("");
        plane.route(address, 443, () -> Optional.of(replica.port()));
        var manifest = plane.write("participant.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: participant, namespace: default}
                spec:
                  selector: {matchLabels: {app: participant}}
                  template:
                    metadata: {labels: {app: participant}}
                    spec:
                      containers: [{name: participant, image: "canton-participant:0.7.3"}]
                """);
        Await.until(
                () -> plane.kubectl("apply", "--dry-run=server", "-f", manifest.toString())
                                .exitCode()
                        == 0,
                () -> "a review that is answered");
    }

    private static void tamper(String release, String kind) throws IOException {
        plane.kubectl(
                        "patch",
                        kind,
                        release,
                        "--type=json",
                        "-p",
                        "[{\"op\":\"replace\",\"path\":\"/webhooks/0/clientConfig/caBundle\",\"value\":\"\"}]")
                .mustSucceed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void helm_leaves_alone_what_the_guard_wrote_and_the_guard_takes_no_field_of_helms(String helm) throws Exception {
        install(helm, helm);
        try (var replica = replica(helm, helm + "-pod")) {
            replica.awaitReady();
            awaitTrusted(helm);
            var certificates = secret(helm);
            var bundles = bundles(helm);

            plane.run(helm, "upgrade", helm, chart(), "-n", helm, "--set", "webhook.timeoutSeconds=7")
                    .mustSucceed();

            assertThat(secret(helm)).isEqualTo(certificates);
            assertThat(bundles(helm)).isEqualTo(bundles);
            for (var kind : KINDS) {
                var configuration = get(helm, kind, helm);
                assertThat(configuration.at("/webhooks/0/timeoutSeconds").asInt())
                        .isEqualTo(7);
                assertThat(ownedByTheGuard(configuration)).isEqualTo("Apply " + onlyBundles(configuration));
            }

            tamper(helm, KINDS.get(0));
            awaitTrusted(helm);
            plane.kubectl("delete", KINDS.get(1), helm).mustSucceed();
            plane.run(helm, "upgrade", helm, chart(), "-n", helm).mustSucceed();
            awaitTrusted(helm);
        }
    }

    private static String ownedByTheGuard(JsonNode configuration) {
        for (var entry : configuration.at("/metadata/managedFields")) {
            if (entry.path("manager").asString("").equals("kms-guard")) {
                return entry.path("operation").asString("") + " " + entry.path("fieldsV1");
            }
        }
        return "nothing";
    }

    private static JsonNode onlyBundles(JsonNode configuration) {
        var fields = JSON.createObjectNode();
        var webhooks = fields.putObject("f:webhooks");
        StreamSupport.stream(configuration.path("webhooks").spliterator(), false)
                .map(webhook -> webhook.path("name").asString(""))
                .sorted()
                .forEach(name -> {
                    var one = webhooks.putObject("k:{\"name\":\"" + name + "\"}");
                    one.putObject(".");
                    one.putObject("f:clientConfig").putObject("f:caBundle");
                    one.putObject("f:name");
                });
        return fields;
    }

    @Test
    void certificates_that_expired_while_nobody_ran_are_made_anew_at_the_start() throws Exception {
        install("helm4", "late");
        var old = new ManagedCertificates("s", "late.late.svc");
        var then = Instant.now().minus(Duration.ofDays(700));
        var authority = old.plan(Map.of(), "", then).change().orElseThrow();
        var both = old.plan(authority.texts(), "", then).change().orElseThrow();
        var patch = JSON.createObjectNode();
        var data = patch.putObject("stringData");
        both.texts().forEach(data::put);
        plane.kubectl("-n", "late", "patch", "secret", "late-certificates", "-p", patch.toString())
                .mustSucceed();

        try (var replica = replica("late", "late-pod")) {
            replica.awaitReady();
            awaitTrusted("late");

            assertThat(replica.log()).contains("made a new authority: the authority expired at ");
            assertThat(text(secret("late"), "ca.crt")).containsOnlyOnce("BEGIN CERTIFICATE");
            assertThat(replica.metrics()).containsPattern("kms_guard_certificate_expiry_seconds 77[0-9]{5}");

            plane.kubectl("-n", "late", "patch", "secret", "late-certificates", "-p", "{\"data\":null}")
                    .mustSucceed();
            Await.until(
                    () -> text(secret("late"), "ca.crt").split("BEGIN CERTIFICATE", -1).length == 3
                            && areTrusted("late")
                            && !text(secret("late"), "tls.crt").isEmpty(),
                    () -> "a Secret that is filled again, and trusts what was served besides");
        }
    }

    @Test
    void of_two_who_write_at_once_one_is_overtaken() throws Exception {
        install("helm4", "race");
        var kubeconfig = plane.kubeconfig("race", "race");
        var access = (ClusterAccess.Configured)
                ClusterAccess.find(Optional.of(kubeconfig.toFile()), Optional.empty(), Map.of());
        try (var client = ClusterClient.of(access)) {
            var store = CertificateStore.of(client, new Installation("race", "race"));
            var one = (CertificateStore.Held) store.read();
            var two = (CertificateStore.Held) store.read();

            assertThat(store.write(one, Map.of("ca.crt", "one"))).isEqualTo(new Outcome.Done());
            assertThat(store.write(two, Map.of("ca.crt", "two"))).isEqualTo(new Outcome.Overtaken());
            assertThat(text(secret("race"), "ca.crt")).isEqualTo("one");

            var gone = CertificateStore.of(client, new Installation("race", "other"));
            assertThat(gone.read())
                    .isEqualTo(new CertificateStore.Unreadable(
                            "the guard's account lacks the right to get Secret race/other-certificates (403)"));
        }
    }
}
