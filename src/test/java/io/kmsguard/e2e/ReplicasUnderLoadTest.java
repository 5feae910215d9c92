// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to replicas and to their policy while reviews come again and again: no review fails but what ran on a process that was killed. */
class ReplicasUnderLoadTest {

    private static final int CALLERS = 4;
    private static final Load.Outcome BY_POLICY = new Load.Outcome(LoadedCluster.PASSES, 201, "kms-mode");

    private static ControlPlane plane;
    private static Guard guard;

    private double ignoredBefore;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
        guard = Guard.install(plane, "helm4");
        LoadedCluster.fill(plane);
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

    @BeforeEach
    void two_replicas_are_there() throws IOException {
        for (var name : List.of("a", "b")) {
            if (guard.replicas().stream().noneMatch(replica -> replica.name().equals(name))) {
                guard.start(name);
            }
        }
        guard.awaitReady(2);
        ignoredBefore = LoadedCluster.ignoredFailures(plane);
    }

    @AfterEach
    void no_failure_was_let_pass_in_silence() throws IOException {
        // A killed process takes the calls with it that ran there, of both kinds.
        assertThat(LoadedCluster.ignoredFailures(plane) - ignoredBefore).isLessThanOrEqualTo(CALLERS);
    }

    private static Load load() throws IOException {
        var load = Load.start(plane, CALLERS, LoadedCluster.all());
        load.awaitEach(20);
        return load;
    }

    @Test
    void a_rolling_update_loses_no_review() throws Exception {
        try (var load = load()) {
            for (var old : List.copyOf(guard.replicas())) {
                var answered = old.answered();
                assertThat(answered).as("reviews at " + old.name()).isPositive();

                assertThat(guard.stop(old)).isZero();

                load.awaitEach(20);
                var fresh = guard.start(old.name());
                guard.awaitReady(2);
                load.awaitEach(20);
                assertThat(old.process().isAlive()).isFalse();
                assertThat(fresh.process().isAlive()).isTrue();
            }
            guard.upgrade("helm4", "--set", "webhook.timeoutSeconds=6");
            load.awaitEach(20);
            guard.upgrade("helm4");
            load.awaitEach(20);

            load.stop();
            System.out.println("a rolling update: " + load.summary());
            assertThat(load.failures()).isEmpty();
            assertThat(LoadedCluster.ignoredFailures(plane)).isEqualTo(ignoredBefore);
            for (var replica : guard.replicas()) {
                Await.until(() -> replica.answered() > 0, () -> "reviews at the new " + replica.name());
            }
        }
    }

    @Test
    void a_policy_that_changes_breaks_and_goes_loses_no_review() throws Exception {
        try (var load = Load.start(
                plane,
                CALLERS,
                LoadedCluster.created(),
                LoadedCluster.migrated(),
                LoadedCluster.flagless(),
                LoadedCluster.envelope(BY_POLICY))) {
            load.await("envelope", 20, LoadedCluster.REFUSED);
            policy("rules: {kms-mode: warn}");
            load.await("envelope", 20, LoadedCluster.PASSES);

            policy("rules: {kms-mod: deny}");
            Await.until(() -> all("did you mean kms-mode?"), guard::tails);
            load.await("envelope", 20, LoadedCluster.PASSES);

            plane.kubectl("-n", Guard.NAMESPACE, "delete", "configmap", "kms-guard-policy")
                    .mustSucceed();
            Await.until(
                    () -> guard.replicas().stream()
                            .allMatch(replica -> replica.readyz().contains("it is not there")),
                    guard::tails);
            load.await("envelope", 20, LoadedCluster.PASSES);

            guard.upgrade("helm4");
            load.await("envelope", 20, LoadedCluster.REFUSED);

            load.stop();
            System.out.println("a policy: " + load.summary());
            assertThat(load.failures()).isEmpty();
            assertThat(LoadedCluster.ignoredFailures(plane)).isEqualTo(ignoredBefore);
        }
    }

    private static boolean all(String logged) {
        return guard.replicas().stream()
                .allMatch(replica -> replica.process().log().contains(logged));
    }

    private static void policy(String rest) throws IOException {
        plane.kubectl(
                        "-n",
                        Guard.NAMESPACE,
                        "patch",
                        "configmap",
                        "kms-guard-policy",
                        "--type=merge",
                        "-p",
                        "{\"data\":{\"policy.yaml\":\"apiVersion: kms-guard.io/v1\\nkind: GuardPolicy\\n" + rest
                                + "\"}}")
                .mustSucceed();
    }

    /** No process can answer what runs when it is killed, and the API server does not ask another one in its place. */
    @Test
    void a_leader_that_is_killed_takes_no_more_than_what_it_was_about_to_answer() throws Exception {
        try (var load = load()) {
            var leader = guard.leader();
            var before = System.nanoTime();

            guard.kill(leader);

            var ended = System.nanoTime();
            load.awaitEach(20);
            Await.until(() -> !holder().equals(Guard.NAME + "-" + leader.name()), guard::tails);
            load.awaitEach(20);
            guard.start(leader.name());
            guard.awaitReady(2);
            load.awaitEach(20);

            load.stop();
            var lost = load.given().stream()
                    .filter(answer -> answer.outcome().isEmpty())
                    .toList();
            System.out.println("a killed leader: " + load.summary() + ", lost " + load.failures());
            assertThat(lost).hasSizeLessThanOrEqualTo(CALLERS).allSatisfy(answer -> {
                assertThat(answer.said()).contains("failed calling webhook \"workloads.kms-guard.io\"");
                assertThat(answer.answered() - before).isPositive();
                assertThat(answer.asked() - ended).isNegative();
            });
        }
    }

    private static String holder() throws IOException {
        return plane.kubectl("-n", Guard.NAMESPACE, "get", "lease", Guard.NAME, "-o", "jsonpath={.spec.holderIdentity}")
                .mustSucceed();
    }
}
