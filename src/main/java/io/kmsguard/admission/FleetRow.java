// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.SpliceVersion;
import java.util.Locale;
import java.util.Optional;

/**
 * One SV, or one validator on a KMS, at a glance.
 *
 * @param app the SV app or validator app; the participant itself where no app is seen to use it
 * @param participant what the app runs on; empty where none is seen behind its address
 * @param version the Splice release of the app
 * @param keys where the participant's keys are
 * @param kms which KMS, for a person: provider, project, location, key ring or region; empty where there is none
 * @param governanceKey the state of the Secret with the governance key
 * @param flag whether the app's configuration takes its governance key from outside
 * @param decision the worst of the findings of the app, of its participant and of the Secrets that it reads
 * @param next the way out of the worst of them, its first clause without a period; empty where there is nothing to do
 */
public record FleetRow(
        Kind kind,
        ObjectRef app,
        Optional<ObjectRef> participant,
        Optional<SpliceVersion> version,
        Keys keys,
        String kms,
        GovernanceKey governanceKey,
        Flag flag,
        Decision decision,
        String next) {

    /** What the row is about. */
    public enum Kind {
        SV,
        VALIDATOR,
        PARTICIPANT;

        /** As it is written in reports. */
        public String id() {
            return written(this);
        }
    }

    /** Where a participant's keys are. */
    public enum Keys {
        KMS,
        /** In its own database. */
        OWN,
        UNKNOWN;

        /** As it is written in reports. */
        public String id() {
            return written(this);
        }
    }

    /** The Secret with the governance key. */
    public enum GovernanceKey {
        /** The pair is there and fits. */
        VALID,
        ABSENT,
        /** There, but not a pair that an SV can use. */
        INVALID,
        /** No CometBFT node, no KMS, or no SV. */
        NOT_NEEDED,
        UNKNOWN;

        /** As it is written in reports. */
        public String id() {
            return written(this);
        }
    }

    /** The configuration that takes the governance key from outside, for every CometBFT node. */
    public enum Flag {
        SET,
        MISSING,
        NOT_NEEDED,
        UNKNOWN;

        /** As it is written in reports. */
        public String id() {
            return written(this);
        }
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
