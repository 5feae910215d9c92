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
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The guard's own certificates with a real API server, and with the rights that the chart gives. */
class OwnCertificatesTest {

    private static final JsonMapper JSON = new JsonMapper();

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

    @Test
    void two_replicas_that_start_at_once_make_one_authority_and_one_follows_the_other() throws Exception {
        try (var release = Release.install(plane, "helm4", "first");
                var one = release.replica("first-one");
                var two = release.replica("first-two")) {
            one.awaitReady();
            two.awaitReady();
            release.awaitTrusted();

            assertThat(release.text("ca.crt")).containsOnlyOnce("BEGIN CERTIFICATE");
            var logs = one.log() + two.log();
            assertThat(logs).containsOnlyOnce("made a new authority").containsOnlyOnce("made a new certificate");
            assertThat(logs).doesNotContain("PRIVATE KEY");
            awaitReviews(release, "first", one);

            var leader = release.leader().equals("first-one") ? one : two;
            leader.terminate();
            var next = leader == one ? "first-two" : "first-one";
            Await.until(() -> release.leader().equals(next), () -> "the next leader");
            release.tamper(Release.KINDS.get(1));
            release.awaitTrusted();
        }
    }

    /** The API server reaches the replica by the Service's name and trusts it: what it cannot have reviewed it refuses. */
    private static void awaitReviews(Release release, String service, GuardReplica replica) throws IOException {
        var address = release.get("service", service).at("/spec/clusterIP").asString("");
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

    @Test
    void certificates_that_expired_while_nobody_ran_are_made_anew_at_the_start() throws Exception {
        try (var release = Release.install(plane, "helm4", "late")) {
            var then = Instant.now().minus(Duration.ofDays(700));
            var managed = new ManagedCertificates("s", "late.late.svc");
            var authority = managed.plan(Map.of(), "", then).change().orElseThrow();
            var both = managed.plan(authority.texts(), "", then).change().orElseThrow();
            var patch = JSON.createObjectNode();
            both.texts().forEach(patch.putObject("stringData")::put);
            release.patchSecret(patch.toString());

            try (var replica = release.replica("late-pod")) {
                replica.awaitReady();
                release.awaitTrusted();

                assertThat(replica.log()).contains("made a new authority: the authority expired at ");
                assertThat(release.text("ca.crt")).containsOnlyOnce("BEGIN CERTIFICATE");
                // Ninety days, less what passed since.
                assertThat(replica.metrics()).containsPattern("kms_guard_certificate_expiry_seconds 777[0-9]{4}");

                release.patchSecret("{\"data\":null}");
                Await.until(
                        () -> release.text("ca.crt").split("BEGIN CERTIFICATE", -1).length == 3
                                && release.isTrusted()
                                && !release.text("tls.crt").isEmpty(),
                        () -> "a Secret that is filled again, and trusts what was served besides");
            }
        }
    }

    @Test
    void check_says_what_is_wrong_while_nobody_runs() throws Exception {
        try (var release = Release.install(plane, "helm4", "idle")) {
            assertThat(release.check()).isEqualTo("""
                    1 Secret idle/idle-certificates has no tls.crt.
                    ValidatingWebhookConfiguration idle: workloads.kms-guard.io does not trust the certificate: the \
                    caBundle is empty.
                    ValidatingWebhookConfiguration idle: nodes.kms-guard.io does not trust the certificate: the \
                    caBundle is empty.
                    ValidatingWebhookConfiguration idle: references.kms-guard.io does not trust the certificate: the \
                    caBundle is empty.
                    ValidatingWebhookConfiguration idle: secrets.kms-guard.io does not trust the certificate: the \
                    caBundle is empty.
                    ValidatingWebhookConfiguration idle: configuration.kms-guard.io does not trust the certificate: the \
                    caBundle is empty.
                    MutatingWebhookConfiguration idle: complete.kms-guard.io does not trust the certificate: the \
                    caBundle is empty.
                    """);
        }
    }

    @Test
    void of_two_who_write_at_once_one_is_overtaken() throws Exception {
        try (var release = Release.install(plane, "helm4", "race");
                var client = ClusterClient.of((ClusterAccess.Configured)
                        ClusterAccess.find(Optional.of(release.kubeconfig().toFile()), Optional.empty(), Map.of()))) {
            var store = CertificateStore.of(client, new Installation("race", "race"));
            var one = (CertificateStore.Held) store.read();
            var two = (CertificateStore.Held) store.read();

            assertThat(store.write(one, Map.of("ca.crt", "one"))).isEqualTo(new Outcome.Done());
            assertThat(store.write(two, Map.of("ca.crt", "two"))).isEqualTo(new Outcome.Overtaken());
            assertThat(release.text("ca.crt")).isEqualTo("one");

            var another = CertificateStore.of(client, new Installation("race", "other"));
            assertThat(another.read())
                    .isEqualTo(new CertificateStore.Unreadable(
                            "the guard's account lacks the right to get Secret race/other-certificates (403)"));
        }
    }
}
