// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Auditor;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.cluster.CertificateStore;
import io.kmsguard.cluster.CertificateWatch;
import io.kmsguard.cluster.ClusterAccess;
import io.kmsguard.cluster.ClusterClient;
import io.kmsguard.cluster.ClusterEvents;
import io.kmsguard.cluster.ClusterReports;
import io.kmsguard.cluster.Installation;
import io.kmsguard.cluster.Leadership;
import io.kmsguard.cluster.TrustBundles;
import io.kmsguard.cluster.WatchedSurroundings;
import io.kmsguard.server.CertificateSource;
import io.kmsguard.server.ManagedCertificates;
import io.kmsguard.server.Readiness;
import io.kmsguard.server.Readiness.State;
import io.kmsguard.server.SecretCertificates;
import io.kmsguard.server.WebhookMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a replica of an installation does beside reviews: it contends for the lead, listens to the cluster, remembers what runs,
 * audits it, and looks after its own certificates.
 */
final class ServeInstallation implements AutoCloseable {

    /** The port for reviews opens no later, if with a stopgap that nobody trusts. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(2);

    /** The certificates, where they are the guard's own. */
    private record Own(
            SecretCertificates source, CertificateWatch watch, CertificateUpkeep upkeep, LeaderRounds rounds) {
        State state() {
            var trouble = upkeep.state().detail();
            var served = source.state();
            if (served.ready()) {
                return State.ok(trouble);
            }
            return State.not(served.detail() + (trouble.isEmpty() ? "" : " And " + trouble));
        }
    }

    /** What a server that belongs to an installation has. */
    private record Parts(
            ClusterClient client,
            Leadership leadership,
            ServeWorld.Listening listening,
            IdentityUpkeep identities,
            LeaderRounds remembering,
            AuditLoop audit,
            Optional<Own> own) {}

    /**
     * Where an installation is.
     *
     * @param listening by whom what runs is known; not closed with it
     */
    record Place(
            Installation installation,
            ClusterAccess.Configured access,
            ServeWorld.Listening listening,
            Map<String, String> env) {}

    private final Optional<Parts> parts;

    private ServeInstallation(Optional<Parts> parts) {
        this.parts = parts;
    }

    /** A server that belongs to no installation: nothing to look after. */
    static ServeInstallation none() {
        return new ServeInstallation(Optional.empty());
    }

    /**
     * Asks for nothing before {@link #start}.
     *
     * @param ownCertificates whether the certificates are the guard's own
     * @param policy by which the cluster is audited; not closed with this
     * @param registry for what the audit counts
     */
    static ServeInstallation of(Place place, boolean ownCertificates, ServePolicy policy, MeterRegistry registry) {
        var installation = place.installation();
        var client = ClusterClient.of(place.access());
        var identity = identity(place.env());
        var leadership = new Leadership(client, installation, identity);
        var world = place.listening().world();
        var identities = new IdentityUpkeep(
                world.identities(),
                client,
                world.ready(),
                () -> policy.decided().map(PolicyFile::drivers),
                leadership::isLeader,
                Clock.systemUTC());
        Gauge.builder("kms_guard_identity_conflicts", identities, IdentityUpkeep::conflicts)
                .description(
                        "Databases on which a participant with other keys was seen than at first; 0 of a replica that"
                                + " does not lead")
                .register(registry);
        var remembering = new LeaderRounds("identities", identities::settle, leadership::isLeader);
        leadership.register(remembering);
        return new ServeInstallation(Optional.of(new Parts(
                client,
                leadership,
                place.listening(),
                identities,
                remembering,
                audit(place, client, identity, leadership, policy, registry),
                ownCertificates ? Optional.of(own(client, leadership, installation, world)) : Optional.empty())));
    }

    private static AuditLoop audit(
            Place place,
            ClusterClient client,
            String identity,
            Leadership leadership,
            ServePolicy policy,
            MeterRegistry registry) {
        var clock = Clock.systemUTC();
        var source = place.listening().world().audited(place.access().where());
        var reports = new ClusterReports(client, leadership::isLeader);
        var events = new ClusterEvents(client, identity, leadership::isLeader);
        var steps = new AuditLoop.Steps(
                file -> new Auditor(file, clock).audit(source, () -> {}), reports::write, events::tell);
        return new AuditLoop(policy::decided, steps, new AuditMetrics(registry), leadership::isLeader, clock);
    }

    private static String identity(Map<String, String> env) {
        return Optional.ofNullable(env.get("POD_NAME"))
                .filter(name -> !name.isBlank())
                .orElseGet(() -> env.getOrDefault("HOSTNAME", "kms-guard") + "_" + UUID.randomUUID());
    }

    private static Own own(
            ClusterClient client, Leadership leadership, Installation installation, WatchedSurroundings world) {
        var place = "Secret " + installation.namespace() + "/" + installation.certificates();
        var name = installation.serverName();
        var clock = Clock.systemUTC();
        var watch = world.certificates();
        var source = new SecretCertificates(place, name, () -> watch.texts(FIRST_LOOK), clock);
        var upkeep = new CertificateUpkeep(
                new ManagedCertificates(place, name),
                CertificateStore.of(client, installation),
                TrustBundles.of(client, installation),
                source::bundle,
                leadership::isLeader,
                clock);
        var rounds = new LeaderRounds("certificates", upkeep::settle, leadership::isLeader);
        leadership.register(rounds);
        return new Own(source, watch, upkeep, rounds);
    }

    /** What to serve with, where it is the guard's own. */
    Optional<CertificateSource> certificates() {
        return parts.flatMap(Parts::own).map(Own::source);
    }

    /** Adds what must hold before reviews may come. */
    void require(Readiness readiness) {
        parts.ifPresent(each -> {
            each.own().ifPresent(own -> readiness.require("own-certificate", own::state));
            readiness.require("identities", each.identities()::state);
            readiness.require("audit", each.audit()::state);
            readiness.require(
                    "leadership", () -> State.ok(each.leadership().trouble().orElse("")));
        });
    }

    /** Tells whether this replica leads. */
    void measure(WebhookMetrics metrics) {
        parts.ifPresent(each -> metrics.leader(each.leadership().name(), each.leadership()::isLeader));
    }

    /** Begins to listen, and returns. */
    void listen() {
        parts.ifPresent(each -> {
            each.own().ifPresent(own -> own.watch().start(own.rounds()::wake));
            each.listening().policy().start(() -> {});
            each.listening().world().start(() -> {
                each.remembering().wake();
                each.audit().changed();
            });
        });
    }

    /** Begins with all else, and returns. */
    void start() {
        parts.ifPresent(each -> {
            each.own().ifPresent(own -> own.rounds().start());
            each.remembering().start();
            each.audit().start();
            each.leadership().start();
        });
    }

    @Override
    public void close() {
        parts.ifPresent(each -> {
            each.leadership().close();
            each.remembering().close();
            each.audit().close();
            each.own().ifPresent(own -> {
                own.rounds().close();
                own.watch().close();
            });
            each.client().close();
        });
    }
}
