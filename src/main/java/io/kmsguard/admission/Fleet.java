// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.Auditor.JudgedObject;
import io.kmsguard.admission.FleetRow.Flag;
import io.kmsguard.admission.FleetRow.GovernanceKey;
import io.kmsguard.admission.FleetRow.Keys;
import io.kmsguard.admission.FleetRow.Kind;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rows of an audit: from the same lookups as the judgement, which they sum up. */
final class Fleet {

    private static final Comparator<FleetRow> ORDER = Comparator.comparing(
                    (FleetRow row) -> row.app().namespace())
            .thenComparing(row -> row.app().name())
            .thenComparing(row -> row.app().kind());

    /** Where the first clause of a way out ends: what to do stands in it, the rest is in the finding. */
    private static final Pattern CLAUSE = Pattern.compile("[;,] ");

    private final Surroundings world;
    private final SecretNames names;
    private final Map<ObjectRef, Judgement> judgements = new HashMap<>();

    private Fleet(List<JudgedObject> objects, Surroundings world, SecretNames names) {
        this.world = world;
        this.names = names;
        objects.forEach(object ->
                judgements.put(object.audited().ref(), object.audited().judgement()));
    }

    /**
     * The rows, in order.
     *
     * @param objects those to tell of
     */
    static List<FleetRow> of(List<JudgedObject> objects, Surroundings world, SecretNames names) {
        return new Fleet(objects, world, names)
                .rows(objects.stream()
                        .map(JudgedObject::object)
                        .filter(Workload.class::isInstance)
                        .map(Workload.class::cast)
                        .toList());
    }

    private List<FleetRow> rows(List<Workload> workloads) {
        var apps = workloads.parallelStream().flatMap(this::apps).toList();
        var ofSvs = participants(apps, Kind.SV);
        var used = Stream.concat(ofSvs.stream(), participants(apps, Kind.VALIDATOR).stream())
                .collect(Collectors.toSet());
        var alone = workloads.parallelStream()
                .filter(workload -> !used.contains(workload.ref()))
                .flatMap(workload -> alone(workload).stream())
                .toList();
        // The validator app that belongs to an SV is no validator of its own.
        return Stream.concat(
                        apps.stream()
                                .filter(row -> row.kind() == Kind.SV
                                        || row.participant()
                                                .filter(ofSvs::contains)
                                                .isEmpty()),
                        alone.stream())
                .distinct()
                .sorted(ORDER)
                .toList();
    }

    private static Set<ObjectRef> participants(List<FleetRow> rows, Kind kind) {
        return rows.stream()
                .filter(row -> row.kind() == kind)
                .flatMap(row -> row.participant().stream())
                .collect(Collectors.toSet());
    }

    private LookupSession session() {
        return new LookupSession(world, Deadline.none());
    }

    private Stream<FleetRow> apps(Workload workload) {
        return workload.containers().stream().flatMap(container -> {
            if (container.is(Role.SV_APP)) {
                return Stream.of(sv(workload, container));
            }
            return container.is(Role.VALIDATOR_APP) ? validator(workload, container).stream() : Stream.empty();
        });
    }

    private Optional<FleetRow> validator(Workload workload, Container container) {
        var participant = participant(workload, container, session());
        return participant
                .toOptional()
                .filter(found -> keys(participant) != Keys.OWN)
                .map(found -> row(
                        Kind.VALIDATOR, workload, participant, GovernanceKey.NOT_NEEDED, Flag.NOT_NEEDED, Set.of()));
    }

    /** A participant on a KMS, or on one perhaps, that no app is seen to use. */
    private Optional<FleetRow> alone(Workload workload) {
        if (workload.containers(Role.PARTICIPANT).isEmpty() || keys(Lookup.found(workload)) == Keys.OWN) {
            return Optional.empty();
        }
        var isUsed = new Pairing(session())
                .users(workload)
                .toOptional()
                .filter(users -> !users.isEmpty())
                .isPresent();
        return isUsed
                ? Optional.empty()
                : Optional.of(row(
                        Kind.PARTICIPANT,
                        workload,
                        Lookup.found(workload),
                        GovernanceKey.NOT_NEEDED,
                        Flag.NOT_NEEDED,
                        Set.of()));
    }

    private FleetRow sv(Workload workload, Container container) {
        var session = session();
        var participant = participant(workload, container, session);
        var key = new FleetKey(workload, container, names, session);
        var needed = keys(participant) != Keys.OWN;
        return row(Kind.SV, workload, participant, key.state(needed), key.flag(needed), key.secrets());
    }

    private static Lookup<Workload> participant(Workload app, Container container, LookupSession session) {
        return container
                .participantAddress()
                .map(EnvVar::value)
                .flatMap(value -> value.text())
                .map(address ->
                        new Pairing(session).participant(address, app.ref().namespace()))
                .orElseGet(() -> Lookup.unknown("the address of its participant could not be read"));
    }

    private static Keys keys(Lookup<Workload> participant) {
        return participant
                .toOptional()
                .map(KmsState::of)
                .map(state -> state.isKms() ? Keys.KMS : state.hidden().isPresent() ? Keys.UNKNOWN : Keys.OWN)
                .orElse(Keys.UNKNOWN);
    }

    private FleetRow row(
            Kind kind,
            Workload app,
            Lookup<Workload> participant,
            GovernanceKey governanceKey,
            Flag flag,
            Set<ObjectRef> secrets) {
        var about = new LinkedHashSet<ObjectRef>();
        about.add(app.ref());
        participant.toOptional().map(Workload::ref).ifPresent(about::add);
        about.addAll(secrets);
        var rulings = about.stream()
                .flatMap(ref -> judgements.getOrDefault(ref, Judgement.CLEAN).rulings().stream())
                .sorted(Comparator.comparing(Judgement.Ruling::action)
                        .thenComparing(ruling -> ruling.finding().ruleClass()))
                .toList();
        return new FleetRow(
                kind,
                app.ref(),
                participant.toOptional().map(Workload::ref),
                app.version(),
                keys(participant),
                participant
                        .toOptional()
                        .map(KmsState::of)
                        .filter(KmsState::isKms)
                        .map(KmsState::describe)
                        .orElse(""),
                governanceKey,
                flag,
                new Judgement(rulings).decision(),
                rulings.stream()
                        .findFirst()
                        .map(ruling -> CLAUSE.split(ruling.finding().fix(), 2)[0])
                        .orElse(""));
    }
}
