// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.Container;
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
        var from = address(old);
        var to = address(container);
        if (from.isEmpty() || to.isEmpty() || from.equals(to)) {
            return Optional.empty();
        }
        var was = state(facts, from.get());
        var is = state(facts, to.get());
        if (was instanceof Lookup.Found<KmsState> before && is instanceof Lookup.Found<KmsState> after) {
            return after.value().hasTheKeysOf(before.value())
                    ? Optional.empty()
                    : Optional.of(KmsMigration.finding(
                            container,
                            Ground.SEEN,
                            "participant address " + to.get() + " leads to a participant with "
                                    + after.value().describe() + ", and the one behind " + from.get() + " has "
                                    + before.value().describe() + ", which hold the SV's identity",
                            "give the new participant the kms values of the old one, or keep the address "
                                    + from.get()));
        }
        var why = was.then(ignored -> is);
        return Optional.of(KmsMigration.finding(
                container,
                why instanceof Lookup.Unknown ? Ground.UNKNOWN : Ground.NOTICE,
                "participant address " + to.get() + " is new, and whether it leads to the keys of " + from.get()
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

    private static Optional<String> address(Container container) {
        return container
                .participantAddress()
                .flatMap(variable -> variable.value().text());
    }
}
