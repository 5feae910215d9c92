// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static io.kmsguard.admission.AuditedObjects.AT;
import static io.kmsguard.admission.AuditedObjects.audit;
import static io.kmsguard.admission.AuditedObjects.denied;
import static io.kmsguard.admission.AuditedObjects.deployment;
import static io.kmsguard.admission.AuditedObjects.ruling;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.RuleClass;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ClusterEventsTest {

    private static final String EVENTS = "/api/v1/namespaces/sv/events";

    private StoringApiServer server;
    private ClusterClient client;

    @BeforeEach
    void start() throws IOException {
        server = new StoringApiServer();
        client = server.client();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private ClusterEvents leader(String instance) {
        return new ClusterEvents(client, instance, () -> true);
    }

    private List<ObjectNode> events() {
        return List.copyOf(server.objects().values());
    }

    private static AuditReport bad(int minutes) {
        return audit(AT.plus(Duration.ofMinutes(minutes)), deployment("a", denied("r")));
    }

    private static AuditReport good(int minutes) {
        return audit(AT.plus(Duration.ofMinutes(minutes)), deployment("a"));
    }

    @Test
    void stands_on_the_object_with_all_that_kubectl_shows() {
        assertThat(leader("guard-1").tell(bad(0))).isEqualTo(new Told(1, 0, ""));
        var event = events().get(0);
        var name = event.at("/metadata/name").asString("");
        ((ObjectNode) event.path("metadata")).remove(List.of("resourceVersion", "uid"));
        assertThat(event).isEqualTo(new JsonMapper().readTree("""
                {
                  "apiVersion": "v1", "kind": "Event",
                  "metadata": {"name": "%s", "namespace": "sv",
                    "labels": {"app.kubernetes.io/managed-by": "kms-guard"}},
                  "involvedObject": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "sv", "name": "a",
                    "uid": "uid-a"},
                  "reason": "KmsGuardFinding", "message": "r: container x: r is wrong. Fix: mend r", "type": "Warning",
                  "source": {"component": "kms-guard"},
                  "reportingComponent": "kms-guard", "reportingInstance": "guard-1",
                  "firstTimestamp": "2026-11-25T10:00:00Z", "lastTimestamp": "2026-11-25T10:00:00Z", "count": 1
                }""".formatted(name)));
    }

    @Test
    void the_next_leader_tells_it_no_second_time() {
        leader("guard-1").tell(bad(0));
        var next = leader("guard-2");
        assertThat(next.tell(bad(10))).isEqualTo(Told.NOTHING);
        server.writes();
        assertThat(next.tell(bad(20))).isEqualTo(Told.NOTHING);
        assertThat(server.writes()).isEmpty();
        assertThat(events()).hasSize(1);
        assertThat(events().get(0).path("count").asInt()).isEqualTo(1);
    }

    @Test
    void what_is_back_counts_up_or_is_another_one_where_the_first_is_gone() {
        var leader = leader("guard-1");
        leader.tell(bad(0));
        leader.tell(good(10));
        assertThat(leader.tell(bad(20))).isEqualTo(new Told(1, 0, ""));
        assertThat(events()).hasSize(1);
        assertThat(events().get(0).path("count").asInt()).isEqualTo(2);
        assertThat(events().get(0).path("lastTimestamp").asString("")).isEqualTo("2026-11-25T10:20:00Z");

        leader.tell(good(30));
        server.objects().keySet().forEach(server::remove);
        assertThat(leader.tell(bad(40))).isEqualTo(new Told(1, 0, ""));
        assertThat(events()).hasSize(1);
        assertThat(events().get(0).path("count").asInt()).isEqualTo(3);
    }

    @Test
    void many_are_told_together() {
        var many = IntStream.range(0, 30).mapToObj(i -> denied("r" + i)).toArray(Ruling[]::new);
        leader("guard-1").tell(audit(AT, deployment("a", many)));
        assertThat(events()).hasSize(25);
        assertThat(events())
                .extracting(event -> event.path("message").asString(""))
                .contains("(combined from similar events): 6 more findings, of r24, r25, r26, r27, r28, r29;"
                        + " kms-guard audit lists them");
    }

    @Test
    void what_the_next_object_will_need_is_no_warning() {
        leader("guard-1").tell(audit(AT, deployment("a", ruling("r", RuleClass.BROKEN, Ground.NOTICE, Action.WARN))));
        assertThat(events().get(0).path("type").asString("")).isEqualTo("Normal");
    }

    @Test
    void what_is_refused_is_tried_again() {
        var leader = leader("guard-1");
        server.refuses("POST", EVENTS, 403);
        assertThat(leader.tell(bad(0)))
                .isEqualTo(new Told(0, 1, "the guard's account lacks the right to create events (403)"));
        server.allowsAll();
        assertThat(leader.tell(bad(10))).isEqualTo(new Told(1, 0, ""));
    }

    @Test
    void tells_nothing_once_it_leads_no_more() {
        var former = new ClusterEvents(client, "guard-1", () -> false);
        assertThat(former.tell(bad(0))).isEqualTo(Told.NOTHING);
        assertThat(server.writes()).isEmpty();
    }
}
