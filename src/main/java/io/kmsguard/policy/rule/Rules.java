// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Rule;
import java.util.List;

/** The explicit list of rules: reading it tells the whole policy. */
public final class Rules {

    private static final List<Rule> ALL = List.of(
            new KmsMigration(),
            new KmsIdentityReuse(),
            new ParticipantDatabaseChange(),
            new GovernanceKeyFlag(),
            new GovernanceKeySecret(),
            new GovernanceKeyFormat(),
            new GovernanceKeyPlaintext(),
            new KmsConfiguration(),
            new KmsMode(),
            new DuplicateEnv(),
            new GovernanceKeyPublished(),
            new KmsCredentials(),
            new KmsUnsupportedNode(),
            new SessionSigningKeys(),
            new SessionKeyLifetime(),
            new KmsTlsVerification(),
            new GovernanceKeyInUse(),
            new GovernanceKeyShared(),
            new VaultInjector());

    private Rules() {}

    /** All rules, in the order of their findings. */
    public static List<Rule> all() {
        return ALL;
    }
}
