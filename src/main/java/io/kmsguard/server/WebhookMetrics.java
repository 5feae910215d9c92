// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import io.kmsguard.admission.Webhook;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.rule.Rules;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What Prometheus is told, in the names of controller-runtime where there are such. Labels are rules, actions, webhooks and
 * status codes: never what a caller can choose. Safe for use by many threads.
 */
public final class WebhookMetrics implements AutoCloseable {

    private final PrometheusMeterRegistry registry = wellNamed();
    private final ReviewMeters validate = new ReviewMeters(Webhook.VALIDATE, registry);
    private final ReviewMeters mutate = new ReviewMeters(Webhook.MUTATE, registry);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final Counter injections;
    private final Counter unknownFacts;
    private final Counter failedReloads;

    public WebhookMetrics() {
        injections = counter("kms_guard_injections", "What was added to workloads");
        unknownFacts = counter("kms_guard_unknown_facts", "Facts that could not be looked up");
        failedReloads = counter("kms_guard_certificate_reload_failures", "Readings of the certificate that failed");
        decisions();
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
    }

    /** Without what breaks Prometheus' rules for names: a unit that is none of its base units, and a suffix of histograms. */
    private static PrometheusMeterRegistry wellNamed() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        return registry;
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** From the start, at zero: a counter that begins with its first event has no increase then, and an alert misses it. */
    private void decisions() {
        for (var rule : Rules.all()) {
            Stream.of(Action.DENY, Action.WARN, Action.AUDIT)
                    .forEach(action -> decisions(rule.info().id(), action.id()));
        }
        decisions("none", "allow");
        decisions("malformed", "deny");
    }

    private Counter decisions(String rule, String action) {
        return Counter.builder("kms_guard_decisions")
                .description("Reviews by the rule that spoke and the action that followed; none where no rule did")
                .tag("rule", rule)
                .tag("action", action)
                .register(registry);
    }

    /** Where other packages put meters of their own. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Counts what a rule led to; both are ids from a fixed list. */
    public void decision(String rule, String action) {
        decisions(rule, action).increment();
    }

    /** Counts one injection. */
    public void injection() {
        injections.increment();
    }

    /** Counts one fact that could not be looked up. */
    public void unknownFact() {
        unknownFacts.increment();
    }

    /**
     * Follows whether this replica leads, in client-go's words.
     *
     * @param lease the name of the Lease
     */
    public void leader(String lease, BooleanSupplier leading) {
        Gauge.builder("leader_election_master_status", leading, it -> it.getAsBoolean() ? 1 : 0)
                .description("1 while this replica leads by that Lease, and 0 while it does not")
                .tag("name", lease)
                .strongReference(true)
                .register(registry);
    }

    /** All of it in Prometheus' text format 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }

    ReviewMeters of(Webhook webhook) {
        return webhook == Webhook.VALIDATE ? validate : mutate;
    }

    /** Counts a call that was refused before it became a review. */
    void refused(String path, int code) {
        var known = Stream.of(Webhook.values()).map(Webhook::path).anyMatch(path::equals);
        ReviewMeters.count(registry, known ? path : "none", code);
    }

    void reloadFailed() {
        failedReloads.increment();
    }

    /** Follows the conditions that there are now. */
    void readiness(Readiness readiness) {
        for (var name : readiness.states().keySet()) {
            Gauge.builder("kms_guard_ready", readiness, it -> it.holds(name) ? 1 : 0)
                    .description("1 while that condition of readiness holds, and 0 while it does not")
                    .tag("condition", name)
                    .register(registry);
        }
    }

    /** Follows the certificate in use. */
    void certificate(CertificateInUse certificate) {
        Gauge.builder("kms_guard_certificate_expiry", certificate, WebhookMetrics::secondsLeft)
                .description("Time until the serving certificate expires; negative once it has")
                .baseUnit("seconds")
                .register(registry);
    }

    private static double secondsLeft(CertificateInUse certificate) {
        return Duration.between(Instant.now(), certificate.current().notAfter()).toSeconds();
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
