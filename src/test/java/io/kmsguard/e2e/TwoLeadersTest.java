// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cli.TestLeader;
import io.kmsguard.cluster.Installation;
import io.kmsguard.server.ManagedCertificates;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Two who lead at the same moment, and a leader whose clock is wrong: what is written in the end is right. */
class TwoLeadersTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Clock NOW = Clock.systemUTC();
    private static final Duration LEAF = Duration.ofDays(90);
    private static final Duration AUTHORITY = Duration.ofDays(365);

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

    private static TestLeader leader(Release release, String name, Clock clock) throws IOException {
        return new TestLeader(release.kubeconfig(), new Installation(name, name), clock);
    }

    private static void assertWell(Release release, String name) throws IOException {
        assertThat(release.check()).isEqualTo("0 All is well with Secret %1$s/%1$s-certificates.\n".formatted(name));
        assertThat(release.isTrusted()).isTrue();
    }

    /** Certificates that were made that long ago. */
    private static void madeBefore(Release release, String name, Duration ago) throws IOException {
        var then = Instant.now().minus(ago);
        var managed = new ManagedCertificates("s", name + "." + name + ".svc");
        var authority = managed.plan(Map.of(), "", then).change().orElseThrow();
        var both = managed.plan(authority.texts(), "", then).change().orElseThrow();
        var patch = JSON.createObjectNode();
        both.texts().forEach(patch.putObject("stringData")::put);
        release.patchSecret(patch.toString());
    }

    private static X509Certificate served(Release release) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(release.text("tls.crt").getBytes(StandardCharsets.US_ASCII)));
    }

    private static void settles(Callable<Boolean> settle) {
        Await.until(settle, () -> "a leader that has nothing left to do");
    }

    @Test
    void whoever_writes_certificates_second_takes_what_the_first_wrote() throws Exception {
        try (var release = Release.install(plane, "helm4", "pair");
                var one = leader(release, "pair", NOW);
                var two = leader(release, "pair", NOW)) {
            var written = new String[2];
            assertThat(one.settleCertificates(() -> written[0] = wrote(two, release)))
                    .isTrue();
            assertThat(release.secret()).hasToString(written[0]);
            assertWell(release, "pair");

            madeBefore(release, "pair", Duration.ofDays(70));
            var due = served(release);
            assertThat(one.settleCertificates(() -> written[1] = wrote(two, release)))
                    .isTrue();
            assertThat(release.secret()).hasToString(written[1]);
            assertThat(served(release)).isNotEqualTo(due);
            assertWell(release, "pair");
        }
    }

    private static String wrote(TestLeader other, Release release) {
        try {
            assertThat(other.settleCertificates(() -> {})).isTrue();
            return release.secret().toString();
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    @Test
    void two_who_write_again_and_again_agree_in_the_end() throws Exception {
        var threads = Executors.newFixedThreadPool(2);
        try (var release = Release.install(plane, "helm4", "quarrel");
                var one = leader(release, "quarrel", NOW);
                var two = leader(release, "quarrel", NOW)) {
            for (var round = 0; round < 5; round++) {
                release.patchSecret("{\"data\":null}");
                release.tamper(Release.KINDS.get(round % 2));
                var first = threads.submit(() -> settles(() -> one.settleCertificates(() -> {})));
                var second = threads.submit(() -> settles(() -> two.settleCertificates(() -> {})));
                first.get();
                second.get();
                // The slower one may have brought back the bundle of its reading: its next round, which the change
                // wakes.
                settles(() -> one.settleCertificates(() -> {}));

                assertWell(release, "quarrel");
                assertThat(release.text("ca.crt")).containsOnlyOnce("BEGIN CERTIFICATE");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void what_two_leaders_remember_is_not_lost() throws Exception {
        try (var release = Release.install(plane, "helm4", "memory");
                var one = leader(release, "memory", NOW);
                var two = leader(release, "memory", NOW)) {
            // Nobody answers reviews here.
            for (var kind : Release.KINDS) {
                release.delete(kind);
            }
            runs("memory-a");
            one.listen();
            two.listen();
            Await.until(() -> one.isListening() && two.isListening(), () -> "both to have heard of what runs");

            assertThat(one.settleIdentities(() -> {
                        runs("memory-b");
                        Await.until(
                                () -> two.settleIdentities(() -> {}) && memory().contains("memory-b-pg"),
                                () -> "the other one's write");
                    }))
                    .isTrue();

            assertThat(memory()).containsOnlyOnce("memory-a-pg").containsOnlyOnce("memory-b-pg");
        }
    }

    private static String memory() throws IOException {
        return plane.kubectl(
                        "-n",
                        "memory",
                        "get",
                        "configmap",
                        "memory-identities",
                        "-o",
                        "jsonpath={.data.identities\\.yaml}")
                .mustSucceed();
    }

    private static void runs(String namespace) {
        try {
            plane.kubectl("create", "namespace", namespace).mustSucceed();
            var file = plane.write(namespace + ".yaml", """
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
                            image: canton-participant:0.7.3
                            env:
                            - {name: CANTON_PARTICIPANT_POSTGRES_SERVER, value: "%1$s-pg"}
                    """.formatted(namespace));
            plane.kubectl("apply", "-f", file.toString()).mustSucceed();
            plane.kubectl(
                            "-n",
                            namespace,
                            "patch",
                            "deployment",
                            "participant",
                            "--subresource=status",
                            "--type=merge",
                            "-p",
                            "{\"status\":{\"replicas\":1,\"readyReplicas\":1}}")
                    .mustSucceed();
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    /** The real end of a certificate takes months; to the leader's clock it is now. */
    @Test
    void a_clock_that_jumps_over_the_ends_makes_certificates_anew_and_the_right_clock_again() throws Exception {
        try (var release = Release.install(plane, "helm4", "jump");
                var right = leader(release, "jump", NOW);
                var late = leader(release, "jump", Clock.offset(NOW, LEAF.plusDays(1)));
                var later = leader(
                        release, "jump", Clock.offset(NOW, AUTHORITY.plus(LEAF).plusDays(2)))) {
            assertThat(right.settleCertificates(() -> {})).isTrue();
            var first = release.text("ca.crt");

            assertThat(late.settleCertificates(() -> {})).isTrue();
            assertThat(release.text("ca.crt")).isEqualTo(first);
            assertThat(served(release).getNotAfter().toInstant())
                    .isAfter(Instant.now().plus(LEAF).plus(LEAF));
            assertThat(release.isTrusted()).isTrue();

            assertThat(later.settleCertificates(() -> {})).isTrue();
            assertThat(release.text("ca.crt")).isNotEqualTo(first);
            assertThat(served(release).getNotBefore().toInstant())
                    .isBefore(Instant.now().plus(AUTHORITY).plus(LEAF).plus(Duration.ofDays(2)))
                    .isAfter(Instant.now().plus(AUTHORITY).plus(LEAF));
            assertThat(release.isTrusted()).isTrue();
            assertThat(release.check()).startsWith("1 ");

            try (var replica = release.replica("jump-pod")) {
                replica.awaitReady();
                Await.until(
                        () -> release.check().startsWith("0 All is well"),
                        () -> "certificates by the right clock:\n" + release.check() + replica.log());
                assertWell(release, "jump");
                assertServes(release, replica);
            }
        }
    }

    /** By whom the webhook configurations vouch for, and under the name of the Service. */
    private static void assertServes(Release release, GuardReplica replica) throws Exception {
        var bundle = plane.folder().resolve("jump-bundle.pem");
        Files.write(bundle, Base64.getDecoder().decode(release.bundles().get(0)));
        Await.until(
                () -> {
                    try (var socket = (javax.net.ssl.SSLSocket)
                            Trust.of(bundle).getSocketFactory().createSocket("127.0.0.1", replica.port())) {
                        socket.startHandshake();
                        return socket.getSession().getPeerCertificates()[0].equals(served(release));
                    }
                },
                () -> "the certificate of the Secret to be served");
    }
}
