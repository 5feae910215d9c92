// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.Workload;

/** Who runs on whom, paired as the judgement pairs them: for those who only want to name them. */
public final class Companions {

    private final Pairing pairing;

    /** Those of a world. */
    public Companions(Surroundings world, Deadline deadline) {
        this.pairing = new Pairing(new LookupSession(world, deadline));
    }

    /** The apps that run on a participant, or are applied along with it. */
    public Lookup<Facts.Users> users(Workload participant) {
        return pairing.users(participant);
    }

    /**
     * The participant behind an address.
     *
     * @param namespace the namespace of the app that uses it
     */
    public Lookup<Workload> participant(String address, String namespace) {
        return pairing.participant(address, namespace);
    }
}
