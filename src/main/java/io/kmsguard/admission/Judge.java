// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.injection.Injection;
import io.kmsguard.injection.Injections;
import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.GuardedObject;
import io.kmsguard.splice.KmsDrivers;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.PodTemplate;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.time.Clock;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/**
 * The one judgement behind the webhook, {@code check} and {@code audit}: read, gather, evaluate. Safe for use by many
 * threads.
 */
public final class Judge {

    /** By the request's own word, so that one without the shape of its kind is refused and not passed over. */
    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet");

    private static final Set<Role> GUARDED = EnumSet.of(Role.PARTICIPANT, Role.SV_APP, Role.SEQUENCER, Role.MEDIATOR);

    private final Policy policy;
    private final List<Injection> injections;
    private final SecretNames names;
    private final KmsDrivers drivers;
    private final Clock clock;

    /** Judges with the clock of this machine, and every setting of a KMS driver counts. */
    public Judge(Policy policy, List<Injection> injections, SecretNames names) {
        this(policy, injections, names, KmsDrivers.NONE, Clock.systemUTC());
    }

    /**
     * Judges with a clock of the caller's.
     *
     * @param drivers which settings of a KMS driver decide where its keys are
     * @param clock tells the day, for exceptions that end
     */
    public Judge(Policy policy, List<Injection> injections, SecretNames names, KmsDrivers drivers, Clock clock) {
        this.drivers = drivers;
        this.clock = clock;
        this.policy = policy;
        this.injections = List.copyOf(injections);
        this.names = names;
    }

    /** Judges an object in its final state. What a world that only listens would deny is judged again by asking. */
    public Verdict validate(Change change, Surroundings world, Deadline deadline) {
        var verdict = judge(change, world, deadline);
        var live = world.live();
        if (!denies(verdict) || live.equals(world)) {
            return verdict;
        }
        var asked = judge(change, live, deadline);
        return asked instanceof Verdict.Unguarded && !isSeen(change, live, deadline) ? verdict : asked;
    }

    /** Whether the workloads could be listed that a ConfigMap or Secret concerns; else nobody said that there are none. */
    private boolean isSeen(Change change, Surroundings world, Deadline deadline) {
        return !isSource(change)
                || new LookupSession(world, deadline).workloads(change.namespace()) instanceof Lookup.Found;
    }

    private static boolean denies(Verdict verdict) {
        return verdict instanceof Verdict.Validated validated
                && validated.judgement().decision() == Judgement.Decision.DENY;
    }

    private Verdict judge(Change change, Surroundings world, Deadline deadline) {
        if (isSource(change)) {
            return new ConfigurationChange(change, world, deadline)
                    .judge((workload, before, session) -> before.isPresent()
                            ? judge(new Both(workload, Optional.of(before.get())), Manner.ofUpdate(change), session)
                            : standing(workload, change.partial(), session));
        }
        return look(
                change, new LookupSession(world, deadline), (read, session) -> judge(read, Manner.of(change), session));
    }

    /**
     * Those ConfigMaps and Secrets from which workloads that are there already take configuration; a change of one has a verdict.
     *
     * @param given the ones that are asked about
     */
    public Set<ObjectRef> sources(Set<ObjectRef> given, Surroundings world, Deadline deadline) {
        return ConfigurationChange.sources(given, new LookupSession(world, deadline));
    }

    private Verdict.Validated judge(Both read, Manner manner, LookupSession session) {
        var subject = judged(manner, read.object(), read.before(), session);
        var judgement = policy.evaluate(
                subject,
                () -> read.before().map(old -> judged(manner, old, Optional.empty(), session.earlier())),
                LocalDate.now(clock));
        return new Verdict.Validated(subject.object(), judgement);
    }

    /**
     * Judges an object that runs, as if it were created just as it stands.
     *
     * @param partial whether what belongs to it may be there without being seen
     */
    public Verdict stands(GuardedObject object, boolean partial, Surroundings world, Deadline deadline) {
        var session = new LookupSession(world, deadline);
        var whole = object instanceof Workload workload ? session.completed(workload) : object;
        if (!isGuarded(Optional.of(whole))) {
            return new Verdict.Unguarded();
        }
        return standing(whole, partial, session);
    }

    /** What runs on its database now is itself. */
    private Verdict.Validated standing(GuardedObject whole, boolean partial, LookupSession session) {
        var created = judged(new Manner(Operation.CREATE, partial), whole, Optional.empty(), session);
        var remembered = created.workload().map(workload -> session.remembered(workload.databases()));
        var subject = created.with(created.facts().with(remembered.orElse(Lookup.found(List.of()))));
        return new Verdict.Validated(whole, policy.evaluate(subject, LocalDate.now(clock)));
    }

    /** Looks for what an object lacks and can be given. */
    public Verdict complete(Change change, Surroundings world, Deadline deadline) {
        if (change.operation() == Operation.DELETE) {
            return new Verdict.Unguarded();
        }
        return look(change, new LookupSession(world, deadline), (read, session) -> {
            var subject = subject(Manner.of(change), read.object(), read.before(), session);
            return new Verdict.Completed(subject.object(), Injections.complete(injections, subject));
        });
    }

    /** What of a change matters beside the objects. */
    private record Manner(Operation operation, boolean partial) {
        static Manner of(Change change) {
            return new Manner(change.operation(), change.partial());
        }

        static Manner ofUpdate(Change change) {
            return new Manner(Operation.UPDATE, change.partial());
        }
    }

    private record Both(GuardedObject object, Optional<GuardedObject> before) {}

    private Verdict look(Change change, LookupSession session, BiFunction<Both, LookupSession, Verdict> step) {
        if (!isGuardedKind(change) || change.isIdle()) {
            return new Verdict.Unguarded();
        }
        var object = read(change, change.object(), session);
        if (object.malformed().isPresent()) {
            return object.malformed().get();
        }
        var before = before(change, session.earlier());
        if (before.malformed().isPresent()) {
            return before.malformed().get();
        }
        return isGuarded(object.object()) || isGuarded(before.object())
                ? step.apply(new Both(object.object().orElseThrow(), before.object()), session)
                : new Verdict.Unguarded();
    }

    private record Reading(Optional<GuardedObject> object, Optional<Verdict.Malformed> malformed) {}

    /** What the object was. An update that cannot be compared must not pass for a creation. */
    private Reading before(Change change, LookupSession session) {
        if (change.before().isPresent()) {
            var reading = read(change, change.before().get(), session);
            return new Reading(
                    reading.object(),
                    reading.malformed()
                            .map(malformed ->
                                    new Verdict.Malformed("oldObject " + malformed.path(), malformed.reason())));
        }
        return new Reading(
                Optional.empty(),
                change.operation() == Operation.UPDATE
                        ? Optional.of(new Verdict.Malformed("oldObject", "is not there, although this is an update"))
                        : Optional.empty());
    }

    private Reading read(Change change, JsonNode object, LookupSession session) {
        if (change.kind().equals("Secret")) {
            return new Reading(Optional.of(GovernanceSecret.read(object, change.namespace())), Optional.empty());
        }
        var reading = WorkloadReader.read(object, change.namespace());
        if (reading instanceof WorkloadReader.Reading.Malformed malformed) {
            return new Reading(
                    Optional.empty(), Optional.of(new Verdict.Malformed(malformed.path(), malformed.reason())));
        }
        var workload = ((WorkloadReader.Reading.Read) reading).workload();
        return new Reading(Optional.of(session.completed(workload)), Optional.empty());
    }

    /** A workload that goes can come back; the key in a Secret is often nowhere else. */
    private boolean isGuardedKind(Change change) {
        return ((WORKLOADS.contains(change.kind()) || PodTemplate.isIn(change.object()))
                        && change.operation() != Operation.DELETE)
                || isGovernanceSecret(change);
    }

    private boolean isGovernanceSecret(Change change) {
        return change.kind().equals("Secret")
                && change.object().path("metadata").path("name").asString("").equals(names.governance());
    }

    /** From what else a workload may take configuration. */
    private boolean isSource(Change change) {
        return change.kind().equals("ConfigMap") || (change.kind().equals("Secret") && !isGovernanceSecret(change));
    }

    private static boolean isGuarded(Optional<GuardedObject> object) {
        return object.isPresent()
                && (!(object.get() instanceof Workload workload)
                        || workload.containers().stream()
                                .anyMatch(container -> GUARDED.stream().anyMatch(container::is)));
    }

    private Subject subject(
            Manner manner, GuardedObject object, Optional<GuardedObject> before, LookupSession session) {
        var facts = object instanceof Workload workload
                ? FactGatherer.gather(
                        manner.operation(),
                        workload,
                        before.filter(Workload.class::isInstance).map(Workload.class::cast),
                        names,
                        session)
                : Facts.NONE;
        return new Subject(manner.operation(), object, before, manner.partial(), names, drivers, facts);
    }

    /** What the rules see, and the injections need not: who uses a governance key. */
    private Subject judged(Manner manner, GuardedObject object, Optional<GuardedObject> before, LookupSession session) {
        var subject = subject(manner, object, before, session);
        var uses = subject.deletedSecret()
                .map(secret -> KeyUses.ofDeletion(secret, session))
                .or(() -> subject.secret().map(secret -> KeyUses.of(secret, names, session)))
                .or(() -> subject.workload().map(workload -> KeyUses.of(workload, subject.facts(), names, session)));
        return subject.with(subject.facts().with(uses.orElse(Facts.KeyUse.NONE)));
    }
}
