// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.ChartValues;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.Workload;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The part of {@link KmsMigration} that looks at an SV app that is pointed at another participant, as in a hard migration
 * from {@code participant-0} to {@code participant-1}: the new one must have the old one's KMS configuration.
 */
final class ParticipantSwitch {

    private ParticipantSwitch() {}

    static Optional<Finding> find(Subject subject, Container old, Container container) {
        var valueBefore = old.participantAddress().map(EnvVar::value);
        var value = container.participantAddress().map(EnvVar::value);
        if (valueBefore.isEmpty() || value.isEmpty() || valueBefore.equals(value)) {
            return Optional.empty();
        }
        var from = valueBefore.get().text();
        var to = value.get().text();
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.of(KmsMigration.finding(
                    container,
                    Ground.UNKNOWN,
                    "the participant address changes from " + valueBefore.get().source() + " to "
                            + value.get().source() + ", and whether it leads to the same keys could not be told",
                    "write the address into SPLICE_APP_SV_PARTICIPANT_ADDRESS as a plain value"));
        }
        return compare(subject, from.get(), to.get(), container);
    }

    private static String anew(Facts facts, String from, String to) {
        return "install participant " + to + " anew, on an empty database ("
                + ChartValues.emptyDatabase(facts.participant(to).toOptional().flatMap(Workload::chart))
                + "), with the kms values of " + from + "; or keep the address " + from;
    }

    private static Optional<Finding> compare(Subject subject, String from, String to, Container container) {
        var facts = subject.facts();
        var was = facts.earlier().participant(from).then(ParticipantSwitch::state);
        var is = facts.participant(to).then(ParticipantSwitch::state);
        if (was instanceof Lookup.Found<KmsState> before && is instanceof Lookup.Found<KmsState> after) {
            return after.value().hasTheKeysOf(before.value(), subject.drivers())
                    ? Optional.empty()
                    : Optional.of(KmsMigration.finding(
                            container,
                            Ground.SEEN,
                            "this update moves the SV from participant " + from + ", which keeps its keys "
                                    + before.value().place() + ", to " + to + ", which keeps its keys "
                                    + after.value().place(before.value(), subject.drivers())
                                    + ", so the SV's identity would be left behind for ever",
                            anew(facts, from, to)));
        }
        if (was instanceof Lookup.Absent && is instanceof Lookup.Found) {
            return Optional.of(KmsMigration.finding(
                    container,
                    Ground.NOTICE,
                    "participant address " + to + " is new, and the participant behind " + from
                            + " is gone, so their KMS cannot be compared",
                    "see to it that the new participant has the kms values that the old one had"));
        }
        if (is instanceof Lookup.Absent) {
            return Optional.of(KmsMigration.finding(
                    container,
                    Ground.ABSENT,
                    "participant address " + to + " leads to no participant, so whether it has the keys of " + from
                            + " could not be told",
                    "install the participant behind " + to + " first, with the kms values of " + from));
        }
        return Optional.of(KmsMigration.finding(
                container,
                Ground.UNKNOWN,
                "participant address " + to + " is new, and whether it leads to the keys of " + from
                        + " could not be told: " + why(was, is),
                "let the guard read Services, Deployments and StatefulSets, and try again"));
    }

    private static String why(Lookup<KmsState> was, Lookup<KmsState> is) {
        return Stream.of(was, is)
                .filter(Lookup.Unknown.class::isInstance)
                .map(unknown -> ((Lookup.Unknown<?>) unknown).why())
                .collect(Collectors.joining("; "));
    }

    private static Lookup<KmsState> state(Workload participant) {
        var state = KmsState.of(participant);
        return state.hidden()
                .<Lookup<KmsState>>map(why -> Lookup.unknown("of " + participant.ref() + ", " + why))
                .orElseGet(() -> Lookup.found(state));
    }
}
