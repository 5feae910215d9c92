// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

/** What a release of Splice brought that the guard goes by; since when is in {@link Releases}. */
public enum Novelty {
    /** The splice-participant chart renders nested {@code kms} values as HOCON; before, as Go text {@code map[…]}. */
    NESTED_KMS_VALUES,
    /** The splice-sv-node chart has {@code synchronizers}, and the SV app a configuration of CometBFT for each node. */
    SYNCHRONIZERS,
    /** The splice-sv-node chart has {@code synchronizers.additionalLegacy}. */
    ADDITIONAL_LEGACY,
    /**
     * The splice-participant chart's {@code pg-init} refuses a second participant database on one server, unless
     * {@code persistence.enableParticipantDbConflictCheck} is false.
     */
    DATABASE_CONFLICT_CHECK,
    /** KMS participants may have session signing keys. */
    SESSION_SIGNING_KEYS,
    /** Canton BFT takes the place of CometBFT, by a logical synchronizer upgrade. */
    CANTON_BFT
}
