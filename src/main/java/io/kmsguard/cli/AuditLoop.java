// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.cluster.Told;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.server.Readiness.State;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits the cluster again and again while this replica leads, and tells what was found in reports, Events and metrics. Reviews never
 * wait for it, and no trouble of it makes a replica unready.
 */
final class AuditLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLoop.class);

    /** How often somebody looks whether a round is due; only memory is looked at. */
    private static final Duration TICK = Duration.ofSeconds(1);

    /**
     * How a cluster is audited and told.
     *
     * @param audit looks at everything, by the rules of a policy
     * @param reports writes the reports
     * @param events writes the Events
     */
    record Steps(
            Function<PolicyFile, AuditReport> audit,
            Function<AuditReport, Told> reports,
            Function<AuditReport, Told> events) {}

    private final Supplier<Optional<PolicyFile>> policy;
    private final Steps steps;
    private final AuditMetrics metrics;
    private final BooleanSupplier leading;
    private final Clock clock;
    private final AuditSchedule schedule = new AuditSchedule();
    private final Repeating thread = new Repeating("kms-guard-audit");
    private Optional<PolicyFile> by = Optional.empty();
    private boolean auditing;
    private volatile String trouble = "";

    /**
     * Audits nothing before {@link #start}.
     *
     * @param policy the one that somebody decided; empty until then
     * @param leading whether this replica may tell the cluster anything
     */
    AuditLoop(
            Supplier<Optional<PolicyFile>> policy,
            Steps steps,
            AuditMetrics metrics,
            BooleanSupplier leading,
            Clock clock) {
        this.policy = policy;
        this.steps = steps;
        this.metrics = metrics;
        this.leading = leading;
        this.clock = clock;
    }

    /** Something changed in the cluster. */
    void changed() {
        schedule.changed(System.nanoTime());
    }

    /** Begins, and returns. */
    void start() {
        thread.every(TICK, () -> look(System.nanoTime()), () -> trouble("an audit failed; see the log"));
    }

    /**
     * Goes a round if one is due.
     *
     * @param now as {@link System#nanoTime} tells it
     */
    void look(long now) {
        var file = leading.getAsBoolean() ? policy.get() : Optional.<PolicyFile>empty();
        var interval = file.flatMap(each -> each.audit().interval());
        if (interval.isEmpty()) {
            rest();
            return;
        }
        if (!file.equals(by)) {
            schedule.changed(now);
        }
        if (schedule.isDue(interval.get(), now)) {
            schedule.begin(now);
            by = file;
            auditing = true;
            round(file.get());
        }
    }

    private void rest() {
        if (auditing) {
            auditing = false;
            metrics.clear();
            schedule.reset();
            trouble("");
        }
    }

    private void round(PolicyFile file) {
        var began = System.nanoTime();
        var audit = steps.audit().apply(file);
        if (!leading.getAsBoolean()) {
            return;
        }
        var told = new ArrayList<Told>();
        if (file.audit().reports()) {
            told.add(steps.reports().apply(audit));
        }
        if (file.audit().events()) {
            told.add(steps.events().apply(audit));
        }
        var took = Duration.ofNanos(System.nanoTime() - began);
        told.forEach(each -> metrics.failed(each.failures()));
        metrics.done(audit, clock.instant(), took);
        log(audit, told, took);
        trouble(trouble(audit, told));
    }

    private static void log(AuditReport audit, List<Told> told, Duration took) {
        LOG.atInfo()
                .addKeyValue("objects", audit.objects().size())
                .addKeyValue("denied", audit.count(Decision.DENY))
                .addKeyValue("warned", audit.count(Decision.WARN))
                .addKeyValue("gaps", audit.gaps().size())
                .addKeyValue("writes", told.stream().mapToInt(Told::writes).sum())
                .addKeyValue("milliseconds", took.toMillis())
                .log("audited");
    }

    private static String trouble(AuditReport audit, List<Told> told) {
        var all = new ArrayList<String>();
        audit.gaps().stream()
                .limit(1)
                .forEach(gap -> all.add("not looked at: " + gap.what() + ": " + gap.why()
                        + (audit.gaps().size() > 1 ? " (and " + (audit.gaps().size() - 1) + " more)" : "")));
        told.stream().map(Told::trouble).filter(each -> !each.isEmpty()).forEach(each -> all.add("not told: " + each));
        return String.join("; ", all);
    }

    private void trouble(String now) {
        if (!now.isEmpty() && !now.equals(trouble)) {
            LOG.atWarn().addKeyValue("problem", now).log("the audit has trouble and goes on");
        }
        trouble = now;
    }

    /** Holds always; says what is not audited or not told. */
    State state() {
        return State.ok(trouble);
    }

    @Override
    public void close() {
        thread.close();
    }
}
