// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The chart is installed while upgrades come without pause: what is asked before a replica is ready is refused, and from the first review on none fails. */
class FirstStartUnderLoadTest {

    private static final String UNREVIEWED = "unreviewed";
    private static final String NOBODY = "nobody";
    private static final Load.Outcome NOBODY_ANSWERS =
            new Load.Outcome(NOBODY, 500, "failed calling webhook \"workloads.kms-guard.io\"");

    @Test
    void from_the_first_review_on_none_fails() throws Exception {
        try (var plane = ControlPlane.start()) {
            LoadedCluster.fill(plane);
            try (var load = Load.start(
                    plane,
                    6,
                    LoadedCluster.created(new Load.Outcome(UNREVIEWED, 201, ""), NOBODY_ANSWERS),
                    LoadedCluster.migrated(new Load.Outcome(UNREVIEWED, 200, ""), NOBODY_ANSWERS),
                    LoadedCluster.flagless(new Load.Outcome(UNREVIEWED, 201, ""), NOBODY_ANSWERS),
                    LoadedCluster.unguarded())) {
                load.await("created", 10, UNREVIEWED);
                load.await("unguarded", 10, LoadedCluster.PASSES);

                try (var guard = Guard.idle(plane, "helm4")) {
                    load.await("migrated", 10, NOBODY);
                    load.await("unguarded", 10, LoadedCluster.PASSES);
                    assertThat(bundles(plane)).containsOnly("");

                    guard.start("a");
                    guard.start("b");
                    guard.awaitReady(1);
                    assertThat(bundles(plane)).containsOnly(authority(plane));
                    load.await("migrated", 20, LoadedCluster.REFUSED);
                    var ignored = LoadedCluster.ignoredFailures(plane);
                    guard.awaitReady(2);
                    load.await("created", 20, LoadedCluster.PASSES);
                    load.await("flagless", 20, LoadedCluster.REFUSED);
                    for (var replica : guard.replicas()) {
                        Await.until(() -> replica.answered() > 0, () -> "reviews at " + replica.name());
                    }

                    load.stop();
                    System.out.println("a first start: " + load.summary());
                    assertThat(load.failures()).isEmpty();
                    assertThat(afterTheFirst(load.given())).isEmpty();
                    assertThat(LoadedCluster.ignoredFailures(plane)).isEqualTo(ignored);
                }
            }
        }
    }

    /** What was not reviewed, and was asked when a review had been answered. */
    private static List<Load.Given> afterTheFirst(List<Load.Given> given) {
        var reviewed = Set.of(LoadedCluster.PASSES, LoadedCluster.REFUSED);
        var first = given.stream()
                .filter(each -> !each.question().equals("unguarded"))
                .filter(each -> reviewed.contains(each.outcome()))
                .mapToLong(Load.Given::answered)
                .reduce((one, other) -> one - other < 0 ? one : other)
                .orElseThrow();
        return given.stream()
                .filter(each -> each.asked() - first > 0)
                .filter(each -> !reviewed.contains(each.outcome()))
                .toList();
    }

    /** The caBundle of each webhook, base64. */
    private static List<String> bundles(ControlPlane plane) throws IOException {
        var path = "jsonpath={range .items[*].webhooks[*]}{.clientConfig.caBundle}{\"\\n\"}{end}";
        return plane.kubectl("get", "validatingwebhookconfiguration,mutatingwebhookconfiguration", "-o", path)
                .mustSucceed()
                .lines()
                .toList();
    }

    private static String authority(ControlPlane plane) throws IOException {
        return plane.kubectl(
                        "-n",
                        Guard.NAMESPACE,
                        "get",
                        "secret",
                        "kms-guard-certificates",
                        "-o",
                        "jsonpath={.data.ca\\.crt}")
                .mustSucceed();
    }
}
