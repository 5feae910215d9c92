// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cluster.CertificateStore;
import io.kmsguard.cluster.CertificateWatch;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterClient;
import io.kmsguard.cluster.Installation;
import io.kmsguard.cluster.Leadership;
import io.kmsguard.cluster.TrustBundles;
import io.kmsguard.server.CertificateSource;
import io.kmsguard.server.ManagedCertificates;
import io.kmsguard.server.Readiness;
import io.kmsguard.server.Readiness.State;
import io.kmsguard.server.SecretCertificates;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a replica of an installation does beside reviews: it contends for the lead, and looks after its own certificates. */
final class ServeInstallation implements AutoCloseable {

    /** The certificates, where they are the guard's own. */
    private record Own(
            SecretCertificates source, CertificateWatch watch, CertificateUpkeep upkeep, CertificateRounds rounds) {
        State state() {
            var trouble = upkeep.state().detail();
            var served = source.state();
            if (served.ready()) {
                return State.ok(trouble);
            }
            return State.not(served.detail() + (trouble.isEmpty() ? "" : " And " + trouble));
        }
    }

    /** Of no installation there is none. */
    private final Optional<ClusterClient> client;

    private final Optional<Leadership> leadership;
    private final Optional<Own> own;

    private ServeInstallation(Optional<ClusterClient> client, Optional<Leadership> leadership, Optional<Own> own) {
        this.client = client;
        this.leadership = leadership;
        this.own = own;
    }

    /** A server that belongs to no installation: nothing to look after. */
    static ServeInstallation none() {
        return new ServeInstallation(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Asks for nothing before {@link #start}.
     *
     * @param ownCertificates whether the certificates are the guard's own
     */
    static ServeInstallation of(
            Installation installation,
            ClusterAccess.Configured access,
            Map<String, String> env,
            boolean ownCertificates) {
        var client = ClusterClient.of(access);
        var leadership = new Leadership(client, installation, identity(env));
        return new ServeInstallation(
                Optional.of(client),
                Optional.of(leadership),
                ownCertificates ? Optional.of(own(client, leadership, installation)) : Optional.empty());
    }

    private static String identity(Map<String, String> env) {
        return Optional.ofNullable(env.get("POD_NAME"))
                .filter(name -> !name.isBlank())
                .orElseGet(() -> env.getOrDefault("HOSTNAME", "kms-guard") + "_" + UUID.randomUUID());
    }

    private static Own own(ClusterClient client, Leadership leadership, Installation installation) {
        var place = "Secret " + installation.namespace() + "/" + installation.certificates();
        var name = installation.serverName();
        var clock = Clock.systemUTC();
        var watch = new CertificateWatch(client, installation);
        var source = new SecretCertificates(place, name, watch::texts, clock);
        var upkeep = new CertificateUpkeep(
                new ManagedCertificates(place, name),
                CertificateStore.of(client, installation),
                TrustBundles.of(client, installation),
                source::bundle,
                leadership::isLeader,
                clock);
        var rounds = new CertificateRounds(upkeep::settle, leadership::isLeader);
        leadership.register(rounds);
        return new Own(source, watch, upkeep, rounds);
    }

    /** What to serve with, where it is the guard's own. */
    Optional<CertificateSource> certificates() {
        return own.map(Own::source);
    }

    /** Where others register what only the leader does, before {@link #start}. */
    Optional<Leadership> leadership() {
        return leadership;
    }

    /** Adds what must hold before reviews may come. */
    void require(Readiness readiness) {
        own.ifPresent(each -> readiness.require("own-certificate", each::state));
        leadership.ifPresent(each ->
                readiness.require("leadership", () -> State.ok(each.trouble().orElse(""))));
    }

    /** Begins, and returns. */
    void start() {
        own.ifPresent(each -> {
            each.rounds().start();
            each.watch().start(each.rounds()::wake);
        });
        leadership.ifPresent(Leadership::start);
    }

    @Override
    public void close() {
        leadership.ifPresent(Leadership::close);
        own.ifPresent(each -> {
            each.rounds().close();
            each.watch().close();
        });
        client.ifPresent(ClusterClient::close);
    }
}
