// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Workloads;
import org.junit.jupiter.api.Test;

/** What is asked for, and what is not, where a cluster is listened to. */
class HeardClusterTest extends ListenedCluster {

    @Test
    void for_a_denial_what_was_heard_of_elsewhere_is_asked_for_by_name_and_no_list_is_of_the_whole_cluster() {
        var app = "/apis/apps/v1/namespaces/apps/deployments/sv-app";
        var elsewhere = Workloads.svApp().in("apps").withAddress("participant.sv");
        api.lists(DEPLOYMENTS, "7", json(Workloads.participant(), 1), json(elsewhere, 1));
        listen();
        api.lists("/apis/apps/v1/namespaces/sv/deployments", "9", json(Workloads.svApp(), 1));
        api.lists("/apis/apps/v1/namespaces/sv/statefulsets", "9");
        api.has(app, json(elsewhere, 1));
        var live = world.live();

        assertThat(refs(live.users("sv", soon()))).containsExactly("Deployment apps/sv-app", "Deployment sv/sv-app");
        assertThat(api.asked())
                .containsExactlyInAnyOrder(
                        "/apis/apps/v1/namespaces/sv/deployments", "/apis/apps/v1/namespaces/sv/statefulsets", app);

        api.lacks(app);
        assertThat(refs(live.users("sv", soon()))).containsExactly("Deployment sv/sv-app");
    }

    @Test
    void an_audit_lists_no_workload_that_was_heard_of() {
        api.lists(
                DEPLOYMENTS,
                "7",
                json(Workloads.participant(), 1),
                json(Workloads.svApp().in("apps"), 1)
                        .replace("\"metadata\":{", "\"metadata\":{\"deletionTimestamp\":\"2026-11-23T00:00:00Z\","));
        listen();
        api.lists("/api/v1/secrets", "9");
        api.lists("/apis/apps/v1/daemonsets", "9");
        api.lists("/apis/apps/v1/replicasets", "9");

        var inventory = world.audited("here").list(SecretNames.DEFAULT);

        assertThat(inventory.objects().stream().map(each -> each.object().ref().toString()))
                .containsExactly("Deployment sv/participant");
        assertThat(inventory.gaps()).isEmpty();
        assertThat(inventory.world().get(SERVICE, soon())).isInstanceOf(Lookup.Found.class);
        assertThat(api.asked())
                .doesNotContain(DEPLOYMENTS, STATEFUL_SETS, SERVICES)
                .contains("/api/v1/secrets");
    }
}
