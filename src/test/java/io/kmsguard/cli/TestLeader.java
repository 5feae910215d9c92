// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cluster.CertificateStore;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterClient;
import io.kmsguard.cluster.ClusterSurroundings;
import io.kmsguard.cluster.Installation;
import io.kmsguard.cluster.TrustBundles;
import io.kmsguard.cluster.WatchedSurroundings;
import io.kmsguard.server.ManagedCertificates;
import io.kmsguard.splice.KmsDrivers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One that takes itself for the leader of an installation, whatever its Lease says, with a clock of its own. */
public final class TestLeader implements AutoCloseable {

    private final Installation installation;
    private final ClusterClient client;
    private final WatchedSurroundings world;
    private final Clock clock;

    /** Asks for nothing yet. */
    public TestLeader(Path kubeconfig, Installation installation, Clock clock) {
        var access = (ClusterAccess.Configured)
                ClusterAccess.find(Optional.of(kubeconfig.toFile()), Optional.empty(), Map.of());
        this.installation = installation;
        this.client = ClusterClient.of(access);
        this.world = new WatchedSurroundings(ClusterSurroundings.of(access), installation);
        this.clock = clock;
    }

    /**
     * Looks after the certificates once.
     *
     * @param beforeFirstWrite what happens between the reading and the first write
     * @return whether nothing is left to do
     */
    public boolean settleCertificates(Runnable beforeFirstWrite) {
        var place = "Secret " + installation.namespace() + "/" + installation.certificates();
        var asked = new AtomicInteger();
        return new CertificateUpkeep(
                        new ManagedCertificates(place, installation.serverName()),
                        CertificateStore.of(client, installation),
                        TrustBundles.of(client, installation),
                        () -> "",
                        () -> isAsked(asked, beforeFirstWrite),
                        clock)
                .settle();
    }

    /** Whether it may go on: always. It is asked at the start, and then right before a write. */
    private static boolean isAsked(AtomicInteger asked, Runnable beforeFirstWrite) {
        if (asked.incrementAndGet() == 2) {
            beforeFirstWrite.run();
        }
        return true;
    }

    /** Begins to listen to what runs. */
    public void listen() {
        world.start(() -> {});
    }

    /** Whether it has heard of everything there was. */
    public boolean isListening() {
        return world.isSynced();
    }

    /**
     * Remembers what runs, once.
     *
     * @param beforeFirstWrite what happens between the reading and the first write
     * @return whether nothing is left to do
     */
    public boolean settleIdentities(Runnable beforeFirstWrite) {
        var asked = new AtomicInteger();
        return new IdentityUpkeep(
                        world.identities(),
                        client,
                        world.ready(),
                        () -> Optional.of(KmsDrivers.NONE),
                        () -> isAsked(asked, beforeFirstWrite),
                        clock)
                .settle();
    }

    @Override
    public void close() {
        world.close();
        client.close();
    }
}
