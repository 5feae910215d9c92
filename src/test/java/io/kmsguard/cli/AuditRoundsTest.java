// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static io.kmsguard.admission.AuditedObjects.AT;
import static io.kmsguard.admission.AuditedObjects.audit;
import static io.kmsguard.admission.AuditedObjects.blind;
import static io.kmsguard.admission.AuditedObjects.denied;
import static io.kmsguard.admission.AuditedObjects.deployment;
import static io.kmsguard.admission.AuditedObjects.warned;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.PolicyFile.AuditSettings;
import io.kmsguard.cluster.Told;
import io.kmsguard.server.Readiness.State;
import io.kmsguard.server.WebhookMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rounds of an audit, without a thread: what is done when, and what is told of it. */
class AuditRoundsTest {

    private final WebhookMetrics metrics = new WebhookMetrics();
    private final List<String> done = new ArrayList<>();
    private AuditReport found = audit(AT);
    private Told reports = Told.NOTHING;
    private boolean leading = true;
    private Optional<PolicyFile> policy = policy(AuditSettings.DEFAULT);
    private final AuditLoop loop = new AuditLoop(
            () -> policy,
            new AuditLoop.Steps(
                    file -> {
                        done.add("audit");
                        return found;
                    },
                    audit -> {
                        done.add("reports");
                        return reports;
                    },
                    audit -> {
                        done.add("events");
                        return Told.NOTHING;
                    }),
            new AuditMetrics(metrics.registry()),
            () -> leading,
            Clock.fixed(AT, ZoneOffset.UTC));

    @AfterEach
    void close() {
        loop.close();
        metrics.close();
    }

    private static Optional<PolicyFile> policy(AuditSettings settings) {
        var usual = PolicyFile.DEFAULT;
        return Optional.of(new PolicyFile(
                usual.actions(),
                usual.onUnknown(),
                usual.injection(),
                usual.secrets(),
                usual.drivers(),
                usual.exceptions(),
                settings));
    }

    /** What is done when somebody looks at that second. */
    private List<String> at(int seconds) {
        done.clear();
        loop.look(Duration.ofSeconds(seconds).toNanos());
        return List.copyOf(done);
    }

    private List<String> series() {
        return metrics.scrape()
                .lines()
                .filter(line -> line.startsWith("kms_guard_audit"))
                .filter(line -> !line.startsWith("kms_guard_audit_duration"))
                .toList();
    }

    @Test
    void only_the_leader_audits_and_only_by_a_policy_that_somebody_decided() {
        leading = false;
        assertThat(at(0)).isEmpty();
        leading = true;
        policy = Optional.empty();
        assertThat(at(1)).isEmpty();
        policy = policy(AuditSettings.DEFAULT);
        assertThat(at(2)).containsExactly("audit", "reports", "events");
        assertThat(at(3)).isEmpty();
        assertThat(at(602)).containsExactly("audit", "reports", "events");
    }

    @Test
    void tells_what_the_policy_wants_told() {
        policy = policy(new AuditSettings(Optional.of(Duration.ofMinutes(1)), false, false));
        assertThat(at(0)).containsExactly("audit");
        policy = policy(new AuditSettings(Optional.of(Duration.ofMinutes(1)), true, false));
        assertThat(at(60)).containsExactly("audit", "reports");
        policy = policy(new AuditSettings(Optional.empty(), true, true));
        assertThat(at(120)).isEmpty();
    }

    @Test
    void another_policy_is_a_change() {
        at(0);
        policy = policy(new AuditSettings(Optional.of(Duration.ofHours(1)), true, false));
        assertThat(at(40)).isEmpty();
        assertThat(at(45)).containsExactly("audit", "reports");
        assertThat(at(100)).isEmpty();
    }

    @Test
    void counts_what_the_last_round_found_and_what_is_gone_as_none() {
        found = audit(AT, deployment("a", denied("r"), warned("s")), deployment("b", denied("r")));
        at(0);
        assertThat(series())
                .containsExactlyInAnyOrder(
                        "kms_guard_audit_findings{action=\"deny\",rule=\"r\"} 2.0",
                        "kms_guard_audit_findings{action=\"warn\",rule=\"s\"} 1.0",
                        "kms_guard_audit_gaps 0.0",
                        "kms_guard_audit_last_run_seconds 1.7956008E9",
                        "kms_guard_audit_newer_than_known 0.0",
                        "kms_guard_audit_write_failures_total 0.0");
        assertThat(metrics.scrape()).containsPattern("(?m)^kms_guard_audit_duration_seconds [0-9.E-]+$");

        found = blind(AT, deployment("a", denied("r")));
        at(600);
        assertThat(series())
                .contains(
                        "kms_guard_audit_findings{action=\"deny\",rule=\"r\"} 1.0",
                        "kms_guard_audit_findings{action=\"warn\",rule=\"s\"} 0.0",
                        "kms_guard_audit_gaps 1.0");
    }

    @Test
    void who_does_not_lead_tells_no_findings() {
        found = audit(AT, deployment("a", denied("r")));
        assertThat(series()).containsExactly("kms_guard_audit_write_failures_total 0.0");
        at(0);
        leading = false;
        at(1);
        assertThat(series()).containsExactly("kms_guard_audit_write_failures_total 0.0");
        assertThat(metrics.scrape()).doesNotContain("kms_guard_audit_duration_seconds ");
        leading = true;
        assertThat(at(2)).containsExactly("audit", "reports", "events");
        assertThat(series()).contains("kms_guard_audit_findings{action=\"deny\",rule=\"r\"} 1.0");
    }

    @Test
    void trouble_is_told_and_stops_nothing() {
        found = blind(AT);
        reports = new Told(0, 2, "the guard's account lacks the right to create reports.openreports.io (403)");
        at(0);
        assertThat(loop.state())
                .isEqualTo(State.ok("not looked at: deployments of namespace b: they are forbidden; not told: the"
                        + " guard's account lacks the right to create reports.openreports.io (403)"));
        assertThat(series()).contains("kms_guard_audit_write_failures_total 2.0");

        found = audit(AT);
        reports = Told.NOTHING;
        assertThat(at(600)).containsExactly("audit", "reports", "events");
        assertThat(loop.state()).isEqualTo(State.ok());
    }
}
