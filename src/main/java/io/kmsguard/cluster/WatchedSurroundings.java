// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.AuditSource;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ListedSurroundings.Named;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.ServiceAddress;
import io.kmsguard.splice.SpliceMarks;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The world of a live cluster that is listened to: workloads of Splice and Services are known before a review asks. What is not
 * known is looked up, and so is everything while a watch is broken: that nothing was heard of a thing is no proof that it is not
 * there. ConfigMaps and Secrets are never kept.
 */
public final class WatchedSurroundings implements Surroundings, AutoCloseable {

    private static final String ALL = "in all namespaces";

    private final ClusterSurroundings cluster;
    private final Installation installation;
    private final ResourceWatch<Guarded> deployments;
    private final ResourceWatch<Guarded> statefulSets;
    private final ResourceWatch<JsonNode> services;
    private final RememberedIdentities identities;

    /**
     * Asks for nothing before {@link #start}.
     *
     * @param cluster to listen to, and to look up what is not known; closed with this
     */
    public WatchedSurroundings(ClusterSurroundings cluster, Installation installation) {
        this.cluster = cluster;
        this.installation = installation;
        var api = cluster.api();
        this.deployments = new ResourceWatch<>(
                api,
                new ResourceWatch.Target("apis/apps/v1/deployments", "", "deployments", ALL, SpliceMarks::mayConcern),
                object -> Guarded.of(object, "Deployment"));
        this.statefulSets = new ResourceWatch<>(
                api,
                new ResourceWatch.Target("apis/apps/v1/statefulsets", "", "statefulsets", ALL, SpliceMarks::mayConcern),
                object -> Guarded.of(object, "StatefulSet"));
        this.services = new ResourceWatch<>(
                api,
                new ResourceWatch.Target("api/v1/services", "", "services", ALL),
                object -> Optional.of(whereItLeads(object)));
        this.identities = new RememberedIdentities(cluster, installation);
    }

    /** What of a Service tells where its pods are, and under which addresses it is known. */
    static JsonNode whereItLeads(JsonNode service) {
        var kept = JsonNodeFactory.instance.objectNode();
        kept.put("kind", "Service");
        var spec = kept.putObject("spec");
        for (var field : List.of("type", "externalName", "selector", "clusterIP", "clusterIPs", "externalIPs")) {
            if (service.path("spec").has(field)) {
                spec.set(field, service.path("spec").path(field));
            }
        }
        var ingress = service.path("status").path("loadBalancer").path("ingress");
        if (!ingress.isEmpty()) {
            kept.putObject("status").putObject("loadBalancer").set("ingress", ingress);
        }
        return kept;
    }

    /**
     * Begins to listen, and returns.
     *
     * @param onChange called after each change of a workload or of the memory, by a thread that must not be held up
     */
    public void start(Runnable onChange) {
        deployments.start(onChange);
        statefulSets.start(onChange);
        services.start(() -> {});
        identities.start(onChange);
    }

    private Stream<ResourceWatch<?>> watches() {
        return Stream.of(deployments, statefulSets, services);
    }

    /** Whether everything there is was listed once. */
    public boolean isSynced() {
        return watches().allMatch(ResourceWatch::isSynced) && identities.isSeen();
    }

    /** What is wrong with listening or with the memory, in a clause. Reviews are answered by asking meanwhile. */
    public Optional<String> trouble() {
        return watches().flatMap(watch -> watch.trouble().stream()).findFirst().or(identities::trouble);
    }

    /** The memory of an installation, and the way to write it. */
    public RememberedIdentities identities() {
        return identities;
    }

    /** Watches the certificates of the installation. Asks for nothing before it is started; not closed with this. */
    public CertificateWatch certificates() {
        return new CertificateWatch(cluster.api(), installation);
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        return (ref.kind().equals("Service") ? known(ref) : Optional.<JsonNode>empty())
                .map(Lookup::found)
                .orElseGet(() -> cluster.get(ref, deadline));
    }

    private Optional<JsonNode> known(ObjectRef service) {
        return services.isCurrent()
                ? Optional.ofNullable(services.objects().get(service.namespace() + "/" + service.name()))
                : Optional.empty();
    }

    private static ObjectRef service(String key) {
        var slash = key.indexOf('/');
        return new ObjectRef("Service", key.substring(0, slash), key.substring(slash + 1));
    }

    private boolean knowsWorkloads() {
        return deployments.isCurrent() && statefulSets.isCurrent();
    }

    private List<Guarded> guarded() {
        var all = new ArrayList<>(deployments.objects().values());
        all.addAll(statefulSets.objects().values());
        return all;
    }

    private Stream<Workload> known() {
        return guarded().stream().map(Guarded::workload);
    }

    /** Where no participant is known in the namespace, one that was created a moment ago may be looked for. */
    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        if (knowsWorkloads()) {
            var known = known().filter(workload -> workload.ref().namespace().equals(namespace))
                    .toList();
            if (known.stream()
                    .anyMatch(workload -> !workload.containers(Role.PARTICIPANT).isEmpty())) {
                return Lookup.found(known);
            }
        }
        return cluster.workloads(namespace, deadline);
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return knowsWorkloads() ? Lookup.found(known().toList()) : cluster.workloads(deadline);
    }

    @Override
    public Lookup<List<Workload>> users(String namespace, Deadline deadline) {
        return knowsWorkloads()
                ? Lookup.found(
                        known().filter(workload -> mayUse(workload, namespace)).toList())
                : Lookup.absent();
    }

    private boolean mayUse(Workload workload, String namespace) {
        return workload.containers().stream()
                .flatMap(container -> container.participantAddress().stream())
                .anyMatch(variable -> variable.value()
                        .text()
                        .flatMap(address ->
                                ServiceAddress.service(address, workload.ref().namespace()))
                        .map(service -> service.namespace().equals(namespace) || leadsElsewhere(service))
                        .orElse(true));
    }

    /** Whether it is an alias, or nobody can tell where its pods are. */
    private boolean leadsElsewhere(ObjectRef service) {
        var known = known(service);
        return known.isPresent()
                && (known.get().path("spec").path("type").asString("").equals("ExternalName")
                        || known.get().path("spec").path("selector").isEmpty());
    }

    @Override
    public Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        return knowsWorkloads()
                ? Lookup.found(known().filter(workload -> mayUse(workload, databases, namespace))
                        .toList())
                : Lookup.absent();
    }

    private static boolean mayUse(Workload workload, List<ParticipantDatabase> databases, String namespace) {
        return workload.ref().namespace().equals(namespace)
                || !workload.references().isEmpty()
                || workload.databases().stream()
                        .anyMatch(used ->
                                databases.contains(used) || databases.stream().anyMatch(used::mayBeSpelled));
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return cluster.governanceSecrets(name, deadline);
    }

    @Override
    public Lookup<List<Sighting>> remembered(Deadline deadline) {
        return identities.heard();
    }

    @Override
    public Surroundings live() {
        return new AskedSurroundings(cluster, identities, this);
    }

    /**
     * This world with no other workloads than those of which a replica is ready, for what is remembered: a participant that
     * never came up has left no identity in its database.
     */
    public Surroundings ready() {
        return new ReadySurroundings(
                cluster,
                () -> knowsWorkloads()
                        ? Lookup.found(guarded().stream()
                                .filter(Guarded::isReady)
                                .map(Guarded::workload)
                                .toList())
                        : Lookup.unknown("the workloads of the cluster are not listened to at this moment"));
    }

    /**
     * Everything there is, for an audit: what is heard of as it was heard, all else asked anew. In a cluster of thousands of
     * workloads a round of the audit so lists none of them.
     *
     * @param where what a person calls the cluster
     */
    public AuditSource audited(String where) {
        return new ClusterAudit(cluster, where, installation, new ClusterAudit.Heard() {
            @Override
            public Optional<List<Guarded>> workloads(String kind) {
                return knowsWorkloads()
                        ? Optional.of(guarded().stream()
                                .filter(each -> each.workload().ref().kind().equals(kind))
                                .toList())
                        : Optional.empty();
            }

            @Override
            public Optional<List<Named>> services() {
                return services.isCurrent()
                        ? Optional.of(services.objects().entrySet().stream()
                                .map(entry -> new Named(service(entry.getKey()), entry.getValue()))
                                .toList())
                        : Optional.empty();
            }
        });
    }

    /** Ends listening and looking up. */
    @Override
    public void close() {
        watches().forEach(ResourceWatch::close);
        identities.close();
        cluster.close();
    }
}
