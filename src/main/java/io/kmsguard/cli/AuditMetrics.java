// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/**
 * What Prometheus is told of the audit of a cluster. Only a replica that audits has these series, so that sums over replicas are
 * right; labels are rules and actions, never names. For one thread.
 */
final class AuditMetrics {

    /** One series. */
    private record Series(String rule, String action) implements Comparable<Series> {
        @Override
        public int compareTo(Series other) {
            return (rule + " " + action).compareTo(other.rule + " " + other.action);
        }
    }

    private final MultiGauge findings;
    private final MultiGauge lastRun;
    private final MultiGauge duration;
    private final MultiGauge gaps;
    private final MultiGauge newer;
    private final Counter failures;
    private final TreeMap<Series, Integer> counts = new TreeMap<>();

    AuditMetrics(MeterRegistry registry) {
        findings = MultiGauge.builder("kms_guard_audit_findings")
                .description("What the last audit of the cluster found")
                .register(registry);
        lastRun = MultiGauge.builder("kms_guard_audit_last_run")
                .description("When the last audit of the cluster was done, as Unix time")
                .baseUnit("seconds")
                .register(registry);
        duration = MultiGauge.builder("kms_guard_audit_duration")
                .description("How long the last audit of the cluster took, telling included")
                .baseUnit("seconds")
                .register(registry);
        gaps = MultiGauge.builder("kms_guard_audit_gaps")
                .description("What the last audit of the cluster could not look at")
                .register(registry);
        newer = MultiGauge.builder("kms_guard_audit_newer_than_known")
                .description(
                        "Objects that run a release of Splice which is newer than the newest that this guard knows")
                .register(registry);
        failures = Counter.builder("kms_guard_audit_write_failures")
                .description("Reports and Events that could not be written")
                .register(registry);
    }

    /** A round is done. What an earlier one found and this one does not, drops to 0. */
    void done(AuditReport audit, Instant at, Duration took) {
        counts.replaceAll((series, count) -> 0);
        for (var object : audit.objects()) {
            for (var ruling : object.judgement().rulings()) {
                counts.merge(
                        new Series(ruling.finding().rule().id(), ruling.action().id()), 1, Integer::sum);
            }
        }
        findings.register(
                counts.entrySet().stream()
                        .map(each -> MultiGauge.Row.of(
                                Tags.of(
                                        "rule", each.getKey().rule(),
                                        "action", each.getKey().action()),
                                each.getValue()))
                        .toList(),
                true);
        set(lastRun, at.toEpochMilli() / 1e3);
        set(duration, took.toNanos() / 1e9);
        set(gaps, audit.gaps().size());
        set(newer, audit.newer().size());
    }

    private static void set(MultiGauge gauge, Number value) {
        gauge.register(List.of(MultiGauge.Row.of(Tags.empty(), value)), true);
    }

    /** So many writes failed. */
    void failed(int writes) {
        failures.increment(writes);
    }

    /** This replica does not audit. */
    void clear() {
        counts.clear();
        List.of(findings, lastRun, duration, gaps, newer).forEach(gauge -> gauge.register(List.of(), true));
    }
}
