// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.cluster.ClusterClient;
import io.kmsguard.cluster.Outcome;
import io.kmsguard.cluster.RememberedIdentities;
import io.kmsguard.policy.Lookup;
import io.kmsguard.server.Readiness.State;
import io.kmsguard.splice.KmsDrivers;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers which keys the participants that run have, in the memory that all replicas read. */
final class IdentityUpkeep {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityUpkeep.class);

    /** For all that is looked up of what runs. */
    private static final Duration ROUND = Duration.ofSeconds(30);

    /** Whoever wrote meanwhile did not write for ever. */
    private static final int MOST_TRIES = 4;

    private final RememberedIdentities identities;
    private final ClusterClient client;
    private final Surroundings running;
    private final Supplier<Optional<KmsDrivers>> drivers;
    private final BooleanSupplier mayWrite;
    private final Clock clock;

    private volatile String trouble = "";
    private volatile int conflicts;

    /**
     * @param running no other workloads than those that run
     * @param drivers which settings of a KMS driver decide where its keys are, by the policy in force; empty until there is one, and nothing is
     *     compared before
     * @param mayWrite asked before each write
     * @param clock tells the day on which something was seen
     */
    IdentityUpkeep(
            RememberedIdentities identities,
            ClusterClient client,
            Surroundings running,
            Supplier<Optional<KmsDrivers>> drivers,
            BooleanSupplier mayWrite,
            Clock clock) {
        this.identities = identities;
        this.client = client;
        this.running = running;
        this.drivers = drivers;
        this.mayWrite = mayWrite;
        this.clock = clock;
    }

    /**
     * Brings the memory up to what runs.
     *
     * @return whether nothing is left to do for now
     */
    boolean settle() {
        for (var tries = 0; tries < MOST_TRIES && mayWrite.getAsBoolean(); tries++) {
            var decisive = drivers.get();
            if (decisive.isEmpty()) {
                return false;
            }
            var reading = identities.read(Deadline.in(ROUND));
            if (!(reading instanceof Lookup.Found<RememberedIdentities.Held> found)) {
                return failed(((Lookup.Unknown<RememberedIdentities.Held>) reading).why());
            }
            var memory = found.value().memory().with(running, LocalDate.now(clock), decisive.get(), Deadline.in(ROUND));
            conflicts = (int) memory.databases().stream()
                    .filter(database -> database.conflict().isPresent())
                    .count();
            var isWritten = memory.equals(found.value().written());
            var isCopied = memory.equals(found.value().copied());
            if (isWritten && isCopied) {
                trouble = "";
                return true;
            }
            if (!mayWrite.getAsBoolean()) {
                return false;
            }
            // The copy first: it is what is left where the other one is replaced a moment later.
            var copy = isCopied ? new Outcome.Done() : identities.writeCopy(client, memory);
            var outcome = isWritten ? new Outcome.Done() : identities.write(client, found.value(), memory);
            if (outcome instanceof Outcome.Trouble failed) {
                return failed(failed.why());
            }
            if (outcome instanceof Outcome.Done && !isWritten) {
                LOG.atInfo()
                        .addKeyValue("databases", memory.databases().size())
                        .log("remembered which keys participants have");
            }
            if (copy instanceof Outcome.Trouble failed) {
                return failed(failed.why());
            }
        }
        return false;
    }

    private boolean failed(String why) {
        if (!why.equals(trouble)) {
            LOG.atWarn().addKeyValue("problem", why).log("what runs cannot be remembered");
        }
        trouble = why;
        return false;
    }

    /** How many databases have a conflict, as this replica found when it last looked; 0 of one that does not lead. */
    int conflicts() {
        return mayWrite.getAsBoolean() ? conflicts : 0;
    }

    /** Holds always; says why nothing newer is remembered. */
    State state() {
        return trouble.isEmpty() ? State.ok() : State.ok("what runs cannot be remembered: " + trouble);
    }
}
