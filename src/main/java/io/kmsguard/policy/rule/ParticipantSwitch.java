// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.Optional;

/**
 * The part of {@link KmsMigration} that looks at an SV app that is pointed at another participant, as in a hard migration
 * from {@code participant-0} to {@code participant-1}: the new one must have the old one's KMS configuration.
 */
final class ParticipantSwitch {

    private ParticipantSwitch() {}

    static Optional<Finding> find(Facts facts, Container old, Container container) {
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
        return compare(facts, from.get(), to.get(), container);
    }

    private static Optional<Finding> compare(Facts facts, String from, String to, Container container) {
        var was = state(facts, from);
        var is = state(facts, to);
        if (was instanceof Lookup.Found<KmsState> before && is instanceof Lookup.Found<KmsState> after) {
            return after.value().hasTheKeysOf(before.value())
                    ? Optional.empty()
                    : Optional.of(KmsMigration.finding(
                            container,
                            Ground.SEEN,
                            "participant address " + to + " leads to a participant with "
                                    + after.value().describe() + ", and the one behind " + from + " has "
                                    + before.value().describe() + ", which hold the SV's identity",
                            "give the new participant the kms values of the old one, or keep the address " + from));
        }
        var why = was.then(ignored -> is);
        return Optional.of(KmsMigration.finding(
                container,
                why instanceof Lookup.Unknown ? Ground.UNKNOWN : Ground.NOTICE,
                "participant address " + to + " is new, and whether it leads to the keys of " + from
                        + " could not be told: "
                        + (why instanceof Lookup.Unknown<KmsState> unknown
                                ? unknown.why()
                                : "one of them is not there"),
                "see to it that both participants have the same kms values"));
    }

    private static Lookup<KmsState> state(Facts facts, String address) {
        return facts.participant(address).then(ParticipantSwitch::state);
    }

    private static Lookup<KmsState> state(Workload participant) {
        var state = KmsState.of(participant.containers(Role.PARTICIPANT).get(0));
        return state.hidden()
                .<Lookup<KmsState>>map(why -> Lookup.unknown("of " + participant.ref() + ", " + why))
                .orElseGet(() -> Lookup.found(state));
    }
}
