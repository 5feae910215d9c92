// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.AuditReport.Gap;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.GuardedObject;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.SpliceVersion;
import io.kmsguard.splice.Workload;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;

/**
 * Judges everything that runs, each object as if it were created just as it stands, and tells which SV is in which state. Safe
 * for use by many threads; many threads judge.
 */
public final class Auditor {

    /** Few enough for an API server, which has more to do. */
    private static final int THREADS = 8;

    private static final Comparator<AuditedObject> ORDER = Comparator.comparing(
                    (AuditedObject object) -> object.ref().namespace())
            .thenComparing(object -> object.ref().kind())
            .thenComparing(object -> object.ref().name());

    private final PolicyFile policy;
    private final Judge judge;
    private final Clock clock;

    /**
     * Audits by the rules that a policy file leaves.
     *
     * @param clock tells when, and the day on which exceptions end
     */
    public Auditor(PolicyFile policy, Clock clock) {
        this.policy = policy;
        this.judge = policy.judge(Rules.all(), Injections.all(), clock);
        this.clock = clock;
    }

    /**
     * Audits what a source has.
     *
     * @param progress told of each object that was judged, by any thread
     */
    public AuditReport audit(AuditSource source, Runnable progress) {
        var at = clock.instant();
        var inventory = source.list(policy.secrets());
        var judged = manyAtOnce(() -> inventory.objects().parallelStream()
                .flatMap(standing -> {
                    var one = judge(standing, inventory.world());
                    progress.run();
                    return one.stream();
                })
                .toList());
        return report(new Judged(at, inventory.scope(), judged, inventory.world(), inventory.gaps()));
    }

    /** Most of the time of an audit is spent waiting for an API server, so a thread a core is too few. */
    private static <T> T manyAtOnce(Supplier<T> work) {
        var pool = new ForkJoinPool(THREADS);
        try {
            return pool.submit(work::get).join();
        } finally {
            pool.shutdown();
        }
    }

    private Optional<JudgedObject> judge(AuditSource.Standing standing, Surroundings world) {
        var object = standing.object();
        var verdict = judge.stands(object, false, new OthersOnly(world, object.ref()), Deadline.none());
        if (verdict instanceof Verdict.Validated validated) {
            return Optional.of(
                    JudgedObject.of(validated.object(), standing.uid(), validated.judgement(), Optional.empty()));
        }
        var whole = object instanceof Workload workload
                ? new LookupSession(world, Deadline.none()).completed(workload)
                : object;
        return Optional.of(JudgedObject.of(whole, standing.uid(), Judgement.CLEAN, Optional.empty()))
                .filter(any -> !any.audited().roles().isEmpty());
    }

    /**
     * An object and what came of it.
     *
     * @param object as it was judged
     */
    public record JudgedObject(GuardedObject object, AuditedObject audited) {

        /** Of an object, with its roles and version. */
        public static JudgedObject of(
                GuardedObject object, String uid, Judgement judgement, Optional<AuditedObject.Source> source) {
            var roles = object instanceof Workload workload ? workload.roles() : List.<Role>of();
            var version = object instanceof Workload workload ? workload.version() : Optional.<SpliceVersion>empty();
            return new JudgedObject(object, new AuditedObject(object.ref(), uid, roles, version, judgement, source));
        }
    }

    /**
     * What was judged already.
     *
     * @param at when that began
     * @param world in which it was
     */
    public record Judged(Instant at, String scope, List<JudgedObject> objects, Surroundings world, List<Gap> gaps) {}

    /** The report on what was judged already, as a check judges manifests. */
    public AuditReport report(Judged judged) {
        var objects = judged.objects().stream()
                .map(JudgedObject::audited)
                .sorted(ORDER)
                .toList();
        return new AuditReport(
                judged.at(),
                judged.scope(),
                Fleet.of(judged.objects(), judged.world(), policy.secrets()),
                objects,
                List.copyOf(judged.gaps()),
                policy.expired(LocalDate.ofInstant(judged.at(), ZoneOffset.UTC)));
    }
}
