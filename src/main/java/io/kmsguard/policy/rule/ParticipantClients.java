// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.ServiceAddress;
import java.util.Optional;

/** The part of {@link KmsConfiguration} that looks whether the two addresses of an SV app lead to one participant. */
final class ParticipantClients {

    private ParticipantClients() {}

    /** It would be initialised on one and work with another. */
    static Optional<Finding> find(RuleInfo rule, String namespace, Container container) {
        var services = container.participantAddresses().stream()
                .map(address -> ServiceAddress.service(address, namespace)
                        .map(ref -> ref.name() + "." + ref.namespace())
                        .orElse(address))
                .distinct()
                .toList();
        return services.size() < 2 || !container.is(Role.SV_APP)
                ? Optional.empty()
                : Optional.of(Finding.seen(
                                rule,
                                container.name() + " participant-client",
                                "container " + container.name() + ": participant-client leads to " + services.get(0)
                                        + " for the admin API and to " + services.get(1) + " for the ledger API",
                                "set both addresses, or neither and SPLICE_APP_SV_PARTICIPANT_ADDRESS alone",
                                container.path() + "/env")
                        .as(RuleClass.ADVISABLE));
    }
}
