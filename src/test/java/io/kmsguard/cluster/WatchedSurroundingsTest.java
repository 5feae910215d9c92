// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.ObjectRef;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WatchedSurroundingsTest extends ListenedCluster {

    @Test
    void asks_as_long_as_it_was_not_told() {
        assertThat(world.isSynced()).isFalse();
        api.lists("/apis/apps/v1/namespaces/sv/deployments", "7", json(Workloads.participant(), 1));
        api.lists("/apis/apps/v1/namespaces/sv/statefulsets", "7");

        assertThat(refs(world.workloads("sv", soon()))).containsExactly("Deployment sv/participant");
        assertThat(world.remembered(soon()))
                .isEqualTo(Lookup.unknown(
                        "what is remembered of databases, ConfigMap kms/guard-identities, was not read yet"));
    }

    @Test
    void what_is_known_is_not_asked_for_and_changes_as_it_happens() {
        listen();
        assertThat(changes).hasValue(3);

        api.says(STATEFUL_SETS, "ADDED", json(Workloads.svApp().ofKind("StatefulSet"), 0));
        api.says(DEPLOYMENTS, "MODIFIED", json(Workloads.kmsParticipant(), 1));
        await(() -> changes.get() == 5, "two changes");
        assertThat(refs(world.workloads("sv", soon())))
                .containsExactly("Deployment sv/participant", "StatefulSet sv/sv-app");
        assertThat(refs(world.workloads(soon()))).hasSize(2);
        assertThat(refs(world.users("sv", soon()))).containsExactly("StatefulSet sv/sv-app");
        assertThat(refs(world.users("other", soon()))).isEmpty();
        assertThat(refs(world.ready().workloads(soon()))).containsExactly("Deployment sv/participant");

        api.says(STATEFUL_SETS, "DELETED", json(Workloads.svApp().ofKind("StatefulSet"), 0));
        await(() -> changes.get() == 6, "a deletion");
        assertThat(refs(world.workloads("sv", soon()))).containsExactly("Deployment sv/participant");
        assertThat(api.asked()).isEmpty();
    }

    @Test
    void keeps_nothing_but_what_rules_ask_for() {
        listen();
        api.says(
                DEPLOYMENTS,
                "ADDED",
                json(
                        Workloads.participant()
                                .withContainerName("web")
                                .withImage("nginx")
                                .named("web")
                                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_SERVER")
                                .withoutEnv("CANTON_PARTICIPANT_POSTGRES_DB"),
                        1));
        api.says(DEPLOYMENTS, "ADDED", json(Workloads.participant().named("participant-1"), 1));
        await(() -> refs(world.workloads(soon())).size() == 2, "the other participant");

        assertThat(refs(world.workloads(soon())))
                .containsExactly("Deployment sv/participant", "Deployment sv/participant-1");
        assertThat(world.get(SERVICE, soon()).map(JsonNode::toString))
                .isEqualTo(
                        Lookup.found(
                                "{\"kind\":\"Service\",\"spec\":{\"selector\":{\"app\":\"participant\"},\"clusterIP\":\"10.0.0.1\"}}"));
    }

    @Test
    void that_nothing_was_heard_of_a_thing_is_no_proof_that_it_is_not_there() {
        listen();
        api.lists(
                "/apis/apps/v1/namespaces/new/deployments",
                "9",
                json(Workloads.participant().in("new"), 0));
        api.lists("/apis/apps/v1/namespaces/new/statefulsets", "9");
        api.has("/api/v1/namespaces/new/services/participant", SERVICE_JSON);

        assertThat(refs(world.workloads("new", soon()))).containsExactly("Deployment new/participant");
        assertThat(world.get(new ObjectRef("Service", "new", "participant"), soon()))
                .isInstanceOf(Lookup.Found.class);
        assertThat(world.get(new ObjectRef("Service", "new", "absent"), soon())).isEqualTo(Lookup.absent());
    }

    @Test
    void a_version_that_is_too_old_makes_it_list_again() {
        listen();
        api.lists(DEPLOYMENTS, "20", json(Workloads.participant().named("participant-1"), 1));
        api.says(DEPLOYMENTS, "ERROR", "{\"kind\":\"Status\",\"code\":410}");
        await(() -> api.watches().contains(DEPLOYMENTS + " 20"), "another watch");

        await(() -> refs(world.workloads(soon())).equals(List.of("Deployment sv/participant-1")), "the new list");
    }

    @Test
    void a_watch_that_broke_goes_on_from_where_it_was_and_reviews_are_asked_for_meanwhile() {
        listen();
        api.says(DEPLOYMENTS, "BOOKMARK", "{\"kind\":\"Deployment\",\"metadata\":{\"resourceVersion\":\"15\"}}");
        api.cuts(DEPLOYMENTS);
        await(() -> api.watches().contains(DEPLOYMENTS + " 15"), "a watch that goes on");
        assertThat(api.asked()).isEmpty();
        await(this::isKnown, "a world that is known");

        api.lists("/apis/apps/v1/namespaces/sv/deployments", "9");
        api.lists("/apis/apps/v1/namespaces/sv/statefulsets", "9");
        api.lacks(DEPLOYMENTS);
        api.cuts(DEPLOYMENTS);
        await(() -> refs(world.workloads("sv", soon())).isEmpty(), "an answer that is asked for");
        await(() -> world.trouble().isPresent(), "trouble");
        assertThat(world.isSynced()).isTrue();

        api.lists(DEPLOYMENTS, "30", json(Workloads.participant(), 1));
        await(this::isKnown, "a world that is known");
        assertThat(world.trouble()).isEmpty();
    }

    @Test
    void for_a_denial_everything_is_asked_for_anew() {
        listen();
        api.lists("/apis/apps/v1/namespaces/sv/deployments", "9");
        api.lists("/apis/apps/v1/namespaces/sv/statefulsets", "9");
        api.lists(DEPLOYMENTS, "9");
        api.has(MEMORY, memory(KMS_ENTRY));
        var live = world.live();

        assertThat(refs(live.workloads("sv", soon()))).isEmpty();
        assertThat(refs(live.workloads(soon()))).isEmpty();
        assertThat(live.get(SERVICE, soon())).isEqualTo(Lookup.absent());
        assertThat(live.remembered(soon()).map(List::size)).isEqualTo(Lookup.found(1));
        assertThat(live.live()).isEqualTo(live);
    }

    @Test
    void the_memory_is_heard_of_and_one_that_is_not_understood_is_no_empty_one() {
        listen();
        assertThat(world.remembered(soon())).isEqualTo(Lookup.found(List.of()));

        api.says(MEMORIES, "MODIFIED", memory(KMS_ENTRY));
        await(() -> changes.get() == 4, "a change");
        assertThat(world.remembered(soon())
                        .map(seen -> seen.stream().map(Sighting::workload).toList()))
                .isEqualTo(Lookup.found(List.of(new ObjectRef("Deployment", "sv", "participant"))));
        assertThat(world.trouble()).isEmpty();

        api.says(MEMORIES, "MODIFIED", memory("databases: 7"));
        await(() -> changes.get() == 5, "a change");
        assertThat(MockedCluster.why(world.remembered(soon())))
                .startsWith("what is remembered of databases cannot be read: ConfigMap kms/guard-identities"
                        + " identities.yaml:1: ");
        assertThat(world.trouble()).hasValueSatisfying(why -> assertThat(why).contains("cannot be read"));

        api.says(MEMORIES, "DELETED", memory(""));
        await(() -> changes.get() == 6, "a deletion");
        assertThat(world.remembered(soon()).map(List::size)).isEqualTo(Lookup.found(1));
        assertThat(world.trouble())
                .contains(
                        "ConfigMap kms/guard-identities is not there; what was remembered of 1 databases holds all the"
                                + " same, and an upgrade of the guard makes the object anew");

        api.says(MEMORIES, "ADDED", memory(""));
        await(() -> changes.get() == 7, "an empty one");
        assertThat(world.remembered(soon()).map(List::size)).isEqualTo(Lookup.found(1));
        assertThat(world.trouble())
                .contains(
                        "of what is remembered of databases, ConfigMap kms/guard-identities has lost 1 of 1; they hold,"
                                + " and the leader writes them back");
    }

    @Test
    void says_what_keeps_it_from_listening() {
        api.lacks(SERVICES);
        world.start(() -> {});
        await(() -> world.trouble().isPresent(), "trouble");

        assertThat(world.trouble())
                .contains("services in all namespaces could not be listed: the API server does not"
                        + " know /api/v1/services (404)");
        assertThat(world.isSynced()).isFalse();
    }
}
