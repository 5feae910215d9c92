// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Judge;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.PolicyException;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.server.Readiness.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy that is in force, and its change while reviews are answered. A text that cannot be used leaves the last good
 * one in force, and the log, the metrics and the readiness detail say so until one can.
 */
final class ServePolicy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServePolicy.class);

    /**
     * @param hash tells it from others; 0 where nobody decided it
     * @param isGood whether somebody decided it; else it only stands in until somebody has
     */
    private record InForce(PolicyFile file, Judge judge, Instant since, long hash, boolean isGood) {}

    private final PolicySource source;
    private final Clock clock;
    private final Counter loaded;
    private final Counter refused;
    private final Repeating thread = new Repeating("policy");
    private final Set<PolicyException> told = new HashSet<>();
    private volatile InForce inForce;
    private volatile String problem = "";
    private Optional<PolicyOption.Content> seen;
    private Optional<PolicyOption.Content> taken;

    private ServePolicy(
            PolicySource source,
            Optional<PolicyOption.Content> content,
            PolicyFile file,
            MeterRegistry registry,
            Clock clock) {
        this.source = source;
        this.clock = clock;
        this.seen = content;
        this.taken = content;
        this.inForce = inForce(file, content);
        this.loaded = reloads("loaded", registry);
        this.refused = reloads("refused", registry);
        gauges(registry);
        tellExpired();
    }

    /**
     * A policy that was read and is not watched yet.
     *
     * @param content what it was read from
     * @param clock tells the day, for exceptions that end
     */
    static ServePolicy of(
            PolicySource source, PolicyOption.Content content, PolicyFile file, MeterRegistry registry, Clock clock) {
        return new ServePolicy(source, Optional.of(content), file, registry, clock);
    }

    /** One that is still to be read: not ready until then, and every rule has the action of its class. */
    static ServePolicy awaited(PolicySource source, MeterRegistry registry, Clock clock) {
        return new ServePolicy(source, Optional.empty(), PolicyFile.DEFAULT, registry, clock);
    }

    private static Counter reloads(String result, MeterRegistry registry) {
        return Counter.builder("kms_guard_policy_reloads")
                .description("Changes of the policy file, by what came of them")
                .tag("result", result)
                .register(registry);
    }

    private void gauges(MeterRegistry registry) {
        Gauge.builder("kms_guard_policy_in_force_since", this, it -> it.inForce.since.toEpochMilli() / 1e3)
                .description("When the policy that is in force was loaded, as Unix time")
                .baseUnit("seconds")
                .register(registry);
        Gauge.builder("kms_guard_policy_hash", this, it -> it.inForce.hash)
                .description(
                        "Tells the policy that is in force from others; replicas that differ judge by different ones")
                .register(registry);
        Gauge.builder("kms_guard_policy_refused", this, it -> it.problem.isEmpty() ? 0 : 1)
                .description("1 while the policy file cannot be used and an earlier one is in force")
                .register(registry);
        Gauge.builder(
                        "kms_guard_policy_exceptions_expired",
                        this,
                        it -> it.expired().size())
                .description("Exceptions of the policy in force that have ended")
                .register(registry);
    }

    private InForce inForce(PolicyFile file, Optional<PolicyOption.Content> content) {
        var judge = file.judge(Rules.all(), Injections.all(), clock);
        return new InForce(
                file,
                judge,
                clock.instant(),
                content.map(PolicyOption.Content::hash).orElse(0L),
                content.isPresent());
    }

    /** Judges by the policy that is in force now, and goes on judging by that one. */
    Judge judge() {
        return inForce.judge;
    }

    /** What is in force now, as soon as somebody decided it. */
    Optional<PolicyFile> decided() {
        var now = inForce;
        return now.isGood() ? Optional.of(now.file()) : Optional.empty();
    }

    /** Looks at it from now on, where it can change. */
    void watch() {
        source.poll().ifPresent(poll -> thread.every(poll, this::look, () -> {}));
    }

    /** Looks whether there is another one. */
    void look() {
        tellExpired();
        var now = source.content().get();
        var settled = source.whole() || now.equals(seen);
        seen = now;
        if (settled && now.isPresent() && !now.equals(taken)) {
            taken = now;
            take(now.get());
        }
    }

    private void take(PolicyOption.Content now) {
        var reading = PolicyOption.read(now);
        if (reading.problems().isEmpty()) {
            inForce = inForce(reading.file(), Optional.of(now));
            problem = "";
            loaded.increment();
            LOG.atInfo().addKeyValue("file", now.file()).log("judging by another policy");
            told.clear();
            tellExpired();
        } else {
            problem = sentence(reading.problems());
            refused.increment();
            var kept = inForce.isGood() ? "keeping the policy that was in force" : "waiting for a policy";
            LOG.atWarn().addKeyValue("problem", problem).log(kept);
        }
    }

    private static String sentence(List<String> problems) {
        return problems.get(0) + (problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "");
    }

    private List<PolicyException> expired() {
        return inForce.file.expired(LocalDate.now(clock));
    }

    /** Once for each, also for those that end while this runs. */
    private void tellExpired() {
        for (var exception : expired()) {
            if (told.add(exception)) {
                LOG.atWarn()
                        .addKeyValue("rule", exception.rule())
                        .addKeyValue("namespace", exception.namespace())
                        .addKeyValue("name", exception.name().orElse("*"))
                        .addKeyValue("owner", exception.owner())
                        .addKeyValue("until", exception.until())
                        .log("an exception has ended and does nothing");
            }
        }
    }

    /** Ready as soon as there is one that somebody decided, and from then on. */
    State state() {
        var now = inForce;
        if (now.isGood()) {
            return problem.isEmpty() ? State.ok() : State.ok("the policy of " + now.since() + " is kept: " + problem);
        }
        return State.not("no policy: " + (problem.isEmpty() ? source.waiting().get() : problem));
    }

    @Override
    public void close() {
        thread.close();
    }
}
