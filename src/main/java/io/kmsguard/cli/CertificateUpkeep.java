// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cluster.CertificateStore;
import io.kmsguard.cluster.Outcome;
import io.kmsguard.cluster.TrustBundles;
import io.kmsguard.server.ManagedCertificates;
import io.kmsguard.server.Readiness.State;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings certificates to where they are to be, step by step. Before a certificate is put where replicas serve it from, the
 * bundle that vouches for it is with the webhook configurations.
 */
final class CertificateUpkeep {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateUpkeep.class);

    /** More than there can be in a row: an authority, a certificate, a shorter bundle, each overtaken once. */
    private static final int MOST_STEPS = 8;

    private final ManagedCertificates managed;
    private final CertificateStore store;
    private final TrustBundles bundles;
    private final Supplier<String> known;
    private final BooleanSupplier mayWrite;
    private final Clock clock;

    private volatile String trouble = "";

    /**
     * @param known the bundle of what this process serves
     * @param mayWrite asked before each write
     */
    CertificateUpkeep(
            ManagedCertificates managed,
            CertificateStore store,
            TrustBundles bundles,
            Supplier<String> known,
            BooleanSupplier mayWrite,
            Clock clock) {
        this.managed = managed;
        this.store = store;
        this.bundles = bundles;
        this.known = known;
        this.mayWrite = mayWrite;
        this.clock = clock;
    }

    /**
     * Takes all steps that are due.
     *
     * @return whether nothing is left to do for now
     */
    boolean settle() {
        for (var steps = 0; steps < MOST_STEPS && mayWrite.getAsBoolean(); steps++) {
            var reading = store.read();
            if (!(reading instanceof CertificateStore.Held held)) {
                return failed(((CertificateStore.Unreadable) reading).why());
            }
            var plan = managed.plan(held.texts(), known.get(), clock.instant());
            if (plan.change().isEmpty() || plan.change().get().serves()) {
                var outcome = bundles.write(plan.bundle());
                if (outcome instanceof Outcome.Trouble failed) {
                    return failed(failed.why());
                }
                if (outcome instanceof Outcome.Overtaken) {
                    continue;
                }
            }
            if (plan.change().isEmpty()) {
                trouble = "";
                return true;
            }
            if (write(held, plan.change().get()) instanceof Outcome.Trouble failed) {
                return failed(failed.why());
            }
        }
        return false;
    }

    private Outcome write(CertificateStore.Held held, ManagedCertificates.Change change) {
        // Whoever took the lead meanwhile decides anew.
        if (!mayWrite.getAsBoolean()) {
            return new Outcome.Overtaken();
        }
        var outcome = store.write(held, change.texts());
        if (outcome instanceof Outcome.Done) {
            LOG.atInfo().addKeyValue("change", change.why()).log("wrote certificates");
        }
        return outcome;
    }

    private boolean failed(String why) {
        if (!why.equals(trouble)) {
            LOG.atWarn().addKeyValue("problem", why).log("certificates cannot be looked after, and stay as they are");
        }
        trouble = why;
        return false;
    }

    /** Holds always, since what is served goes on; says why nothing newer could be had. */
    State state() {
        return trouble.isEmpty() ? State.ok() : State.ok("certificates cannot be looked after: " + trouble);
    }
}
