// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API server is restarted, silent, or shows no certificate: what can be answered is, in time, and nothing is answered wrongly. */
class ApiServerTroubleTest {

    private static final int CALLERS = 4;
    private static final String CANNOT_TELL = "cannot tell";

    private static final Pattern NOT_READY = Pattern.compile(
            "\\[-\\]world not ready: .*(no connection to the API server .* came about in time|did not answer)");

    private static ControlPlane plane;
    private static Guard guard;

    /** The way from the guard to the API server. */
    private static Gate gate;

    private static Path throughGate;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
        gate = Gate.to(URI.create(plane.url()).getPort());
        guard = Guard.idle(plane, "helm4");
        var direct = Files.readString(plane.kubeconfig(Guard.NAMESPACE, Guard.NAME));
        throughGate = plane.write("gate.kubeconfig", direct.replace(plane.url(), "https://127.0.0.1:" + gate.port()));
        startBoth();
        LoadedCluster.fill(plane);
    }

    private static void startBoth() throws IOException {
        guard.start("a", throughGate);
        guard.start("b", throughGate);
        guard.awaitReady(2);
    }

    @AfterAll
    static void stop() throws IOException {
        if (guard != null) {
            guard.close();
        }
        if (gate != null) {
            gate.close();
        }
        if (plane != null) {
            plane.close();
        }
    }

    /** While it begins, it does not know yet whom it allows what, so the guard may not be told either. */
    @Test
    void a_restart_under_load_brings_no_wrong_answer() throws Exception {
        try (var load = Load.start(plane, CALLERS, LoadedCluster.all())) {
            load.awaitEach(20);
            plane.killApiServer();
            plane.restartApiServer();
            Await.until(
                    () -> guard.replicas().stream()
                            .allMatch(replica -> replica.readyz().contains("[+]world ok\n")),
                    guard::tails);
            var recovered = System.nanoTime();
            load.awaitEach(20);

            load.stop();
            System.out.println("a restart: " + load.summary() + load.failures());
            assertThat(load.since(recovered).filter(answer -> answer.outcome().isEmpty()))
                    .isEmpty();
            assertThat(load.given().stream().filter(answer -> answer.outcome().isEmpty()))
                    .isNotEmpty()
                    .allSatisfy(answer -> assertThat(answer.said()).doesNotStartWith("20"));
        }
    }

    /** A watch that is open and silent is believed for a minute and a half; what is asked anew is not answered. */
    @Test
    void what_cannot_be_looked_up_is_refused_with_the_reason_before_the_time_is_over() throws Exception {
        var silent =
                new Load.Outcome(CANNOT_TELL, 403, "the API server did not answer before the deadline of this review");
        try (var load = Load.start(
                plane,
                CALLERS,
                LoadedCluster.migrated(silent),
                LoadedCluster.flagless(silent),
                LoadedCluster.unguarded())) {
            load.await("flagless", 10, LoadedCluster.REFUSED);
            gate.shut();
            load.await("flagless", 3, CANNOT_TELL);
            var late = guard.start("late", throughGate);
            Await.until(() -> NOT_READY.matcher(late.readyz()).find(), () -> late.readyz());

            gate.open();
            guard.awaitReady(3);
            load.await("flagless", 10, LoadedCluster.REFUSED);
            guard.stop(late);
            load.stop();
            System.out.println("a silent API server: " + load.summary());
            assertThat(load.failures()).isEmpty();
        } finally {
            gate.open();
        }
    }

    @Test
    void an_api_server_that_shows_no_certificate_where_one_is_asked_for_is_told_so() throws Exception {
        var both = List.copyOf(guard.replicas());
        var strict = guard.start("strict", throughGate, "--client-ca=" + plane.authority());
        guard.awaitReady(3);
        for (var replica : both) {
            guard.stop(replica);
        }

        var file = plane.folder().resolve("stored.yaml").toString();
        var refused = plane.kubectl("apply", "--server-side", "--dry-run=server", "-f", file);

        startBoth();
        guard.stop(strict);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("failed calling webhook \"workloads.kms-guard.io\"")
                .contains("remote error: tls: ");
        System.out.println("no certificate: " + refused.err());
        assertThat(guard.replicas().stream().map(GuardReplica::name))
                .containsExactlyInAnyOrderElementsOf(Set.of("a", "b"));
    }
}
