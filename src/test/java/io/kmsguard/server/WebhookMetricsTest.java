// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.rule.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookMetricsTest {

    private final WebhookMetrics metrics = new WebhookMetrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    private List<String> samples(String name) {
        return metrics.scrape().lines().filter(line -> line.startsWith(name)).toList();
    }

    /** An increase from nothing to one is none for Prometheus. */
    @Test
    void every_rule_and_action_is_counted_from_zero() {
        var expected = new ArrayList<>(List.of(
                "kms_guard_decisions_total{action=\"allow\",rule=\"none\"} 0.0",
                "kms_guard_decisions_total{action=\"deny\",rule=\"malformed\"} 0.0"));
        for (var rule : Rules.all()) {
            for (var action : List.of("deny", "warn", "audit")) {
                expected.add("kms_guard_decisions_total{action=\"%s\",rule=\"%s\"} 0.0"
                        .formatted(action, rule.info().id()));
            }
        }
        assertThat(samples("kms_guard_decisions_total")).containsExactlyInAnyOrderElementsOf(expected);

        metrics.decision("kms-migration", "deny");

        assertThat(samples("kms_guard_decisions_total"))
                .hasSameSizeAs(expected)
                .contains("kms_guard_decisions_total{action=\"deny\",rule=\"kms-migration\"} 1.0");
    }

    @Test
    void what_breaks_the_rules_for_names_is_not_told() {
        assertThat(samples("process_cpu_usage")).hasSize(1);
        assertThat(samples("process_cpu_time")).isEmpty();
        assertThat(samples("system_cpu_count")).isEmpty();
    }

    /** The meter alone holds the supplier, and must not lose it. */
    @Test
    void tells_whether_this_replica_leads_as_long_as_it_lives() {
        var leading = new AtomicBoolean();
        metrics.leader("ours", () -> leading.get());
        System.gc();
        assertThat(samples("leader_election_master_status"))
                .containsExactly("leader_election_master_status{name=\"ours\"} 0.0");

        leading.set(true);
        assertThat(samples("leader_election_master_status"))
                .containsExactly("leader_election_master_status{name=\"ours\"} 1.0");
    }

    @Test
    void tells_each_condition_of_readiness_as_it_is_now() {
        var readiness = new Readiness();
        readiness.require("policy", () -> Readiness.State.ok("an earlier one"));
        readiness.require("world", () -> Readiness.State.not("was not heard of yet"));
        metrics.readiness(readiness);
        assertThat(samples("kms_guard_ready"))
                .containsExactly(
                        "kms_guard_ready{condition=\"policy\"} 1.0", "kms_guard_ready{condition=\"world\"} 0.0");

        readiness.require("world", Readiness.State::ok);
        assertThat(samples("kms_guard_ready"))
                .containsExactly(
                        "kms_guard_ready{condition=\"policy\"} 1.0", "kms_guard_ready{condition=\"world\"} 1.0");
    }
}
