// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Action;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.splice.ConfigurationSource;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A ConfigMap or Secret that comes, changes or goes under workloads which take configuration from it. It is judged as what would become
 * of each of them at its next start.
 */
final class ConfigurationChange {

    private final Change change;
    private final ObjectRef ref;
    private final Surroundings world;
    private final Deadline deadline;

    ConfigurationChange(Change change, Surroundings world, Deadline deadline) {
        this.change = change;
        this.world = world;
        this.deadline = deadline;
        var metadata = change.object().path("metadata");
        var own = metadata.path("namespace").asString("");
        this.ref = new ObjectRef(
                change.kind(),
                own.isEmpty() ? change.namespace() : own,
                metadata.path("name").asString(""));
    }

    /** Judges a workload with the object as it will be. */
    interface WorkloadJudge {
        /** @param before the same with the object as it was; empty where no pod of it could start so */
        Verdict.Validated judge(Workload workload, Optional<Workload> before, LookupSession session);
    }

    /** What the workloads say of one that cannot be listed is not known. */
    Verdict judge(WorkloadJudge judge) {
        if (change.isIdle()) {
            return new Verdict.Unguarded();
        }
        var session = session();
        var rulings = new ArrayList<Ruling>();
        var concerned = workloads(ref.namespace(), session)
                .filter(workload -> takesFrom(workload, session.earlier()))
                .toList();
        if (concerned.isEmpty() || isLeaving(session)) {
            return new Verdict.Unguarded();
        }
        for (var i = 0; i < concerned.size(); i++) {
            if (deadline.hasPassed() && rulings.stream().noneMatch(ruling -> ruling.action() == Action.DENY)) {
                return new Verdict.Malformed(
                        "the time of this review",
                        "ended before " + (concerned.size() - i) + " of the " + concerned.size()
                                + " workloads that take configuration from it could be looked at");
            }
            if (!deadline.hasPassed()) {
                rulings.addAll(rulings(concerned.get(i), session, judge));
            }
        }
        // What can never be undone first, whichever workload has it.
        rulings.sort(Comparator.comparing(ruling -> ruling.finding().ruleClass()));
        return new Verdict.Validated(new ConfigurationSource(ref), new Judgement(List.copyOf(rulings)));
    }

    /** Those of the given ones from which workloads that are there already take configuration. */
    static Set<ObjectRef> sources(Set<ObjectRef> given, LookupSession session) {
        return given.stream()
                .map(ObjectRef::namespace)
                .distinct()
                .flatMap(namespace -> workloads(namespace, session))
                .flatMap(workload -> Stream.of(workload, session.completed(workload)))
                .flatMap(workload -> workload.references().stream())
                .filter(given::contains)
                .collect(Collectors.toSet());
    }

    private static Stream<Workload> workloads(String namespace, LookupSession session) {
        return session.workloads(namespace).toOptional().orElse(List.of()).stream()
                .filter(workload -> session.isRunning(workload.ref())
                        && !workload.references().isEmpty());
    }

    private LookupSession session() {
        // What is deleted is surely not there, also where only files are seen.
        var is = change.operation() == Operation.DELETE ? JsonNodeFactory.instance.objectNode() : change.object();
        var before = new ReplacedSurroundings(world.before(), ref, was(), Optional.empty());
        return new LookupSession(new ReplacedSurroundings(world, ref, Lookup.found(is), Optional.of(before)), deadline);
    }

    /** What a workload that cannot have started yet is judged by. */
    private LookupSession alone(Workload workload) {
        var now = new ReplacedSurroundings(world, ref, Lookup.found(change.object()), Optional.empty());
        return new LookupSession(new OthersOnly(now, workload.ref()), deadline);
    }

    private Lookup<JsonNode> was() {
        return switch (change.operation()) {
            case CREATE -> Lookup.absent();
            case UPDATE -> Lookup.found(change.before().orElse(change.object()));
            case DELETE -> Lookup.found(change.object());
        };
    }

    /** Configuration may come from one object and name env vars that come from another. */
    private boolean takesFrom(Workload workload, LookupSession before) {
        return workload.references().contains(ref)
                || before.completed(workload).references().contains(ref);
    }

    /** A namespace can always go. */
    private boolean isLeaving(LookupSession session) {
        return change.operation() == Operation.DELETE
                && session.isTerminating(ref.namespace()).toOptional().orElse(false);
    }

    private List<Ruling> rulings(Workload workload, LookupSession session, WorkloadJudge judge) {
        var was = session.earlier().completed(workload);
        var is = session.completed(workload);
        if (was.equals(is)) {
            return List.of();
        }
        // Whatever ran before ran with another object of that name, and only the memory knows of it.
        var isFirst = change.operation() == Operation.CREATE && is.needs(ref);
        var verdict = isFirst
                ? judge.judge(is, Optional.empty(), alone(workload))
                : judge.judge(is, Optional.of(was), session);
        return verdict.judgement().rulings().stream()
                .map(ruling ->
                        ruling.of(ruling.finding().atNextStartOf(workload.ref(), remedy(ruling, workload.ref()))))
                .toList();
    }

    private Optional<String> remedy(Ruling ruling, ObjectRef workload) {
        if (ruling.finding().ruleClass() != RuleClass.IRREVERSIBLE || change.operation() == Operation.CREATE) {
            return Optional.empty();
        }
        return Optional.of(
                change.operation() == Operation.DELETE
                        ? "leave " + ref + " where it is for as long as " + workload + " takes configuration from it"
                        : "leave in " + ref + " what it says of crypto now (kubectl -n " + ref.namespace() + " get "
                                + ref.kind().toLowerCase(Locale.ROOT) + " " + ref.name()
                                + " -o yaml shows it), or let " + workload + " take it from elsewhere first");
    }
}
