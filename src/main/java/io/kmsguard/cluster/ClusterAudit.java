// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.AskedOnce;
import io.kmsguard.admission.AuditReport.Gap;
import io.kmsguard.admission.AuditSource;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ListedSurroundings;
import io.kmsguard.admission.ListedSurroundings.Listed;
import io.kmsguard.admission.ListedSurroundings.Named;
import io.kmsguard.cluster.VisibleLists.Resource;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.SpliceMarks;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an audit of a live cluster judges. Every list is read page by page, and of a page only what has to do with Splice is
 * kept, so that the other workloads of a cluster cost no memory.
 */
public final class ClusterAudit implements AuditSource {

    /** How long one question for what was not listed may take. */
    private static final Duration ASK = Duration.ofSeconds(10);

    private final ClusterSurroundings cluster;
    private final String where;
    private final Optional<String> namespace;
    private final Installation installation;
    private final Heard heard;

    /** What a process that listens to the cluster knows of it at this moment, so that an audit need not list it. */
    interface Heard {
        /** The workloads of a kind; empty where not all is known. */
        Optional<List<Guarded>> workloads(String kind);

        /** Of every Service, where it leads; empty where not all is known. */
        Optional<List<Named>> services();
    }

    private static final Heard NOTHING = new Heard() {
        @Override
        public Optional<List<Guarded>> workloads(String kind) {
            return Optional.empty();
        }

        @Override
        public Optional<List<Named>> services() {
            return Optional.empty();
        }
    };

    /**
     * Asks for nothing yet.
     *
     * @param where what a person calls the cluster
     * @param namespace to audit; empty for all
     * @param installation whose memory of identities is read, where the account may
     */
    public ClusterAudit(
            ClusterSurroundings cluster, String where, Optional<String> namespace, Installation installation) {
        this(cluster, where, namespace, installation, NOTHING);
    }

    /** The same of all namespaces, where what was heard need not be listed. */
    ClusterAudit(ClusterSurroundings cluster, String where, Installation installation, Heard heard) {
        this(cluster, where, Optional.empty(), installation, heard);
    }

    private ClusterAudit(
            ClusterSurroundings cluster,
            String where,
            Optional<String> namespace,
            Installation installation,
            Heard heard) {
        this.heard = heard;
        this.cluster = cluster;
        this.where = where;
        this.namespace = namespace;
        this.installation = installation;
    }

    /** What is kept of a list of workloads. */
    private sealed interface Item {}

    /** A workload and its uid. */
    private record Found(Workload workload, String uid) implements Item {}

    /** One that is no workload. */
    private record Malformed(Gap gap) implements Item {}

    @Override
    public Inventory list(SecretNames names) {
        var lists = new VisibleLists(cluster.api(), namespace);
        var malformed = new ArrayList<Gap>();
        var deployments = workloads("Deployment", "deployments", lists, malformed);
        var statefulSets = workloads("StatefulSet", "statefulsets", lists, malformed);
        var others = others(lists);
        var secrets = lists.list(
                new Resource(
                        "api/v1/",
                        "secrets",
                        "secrets " + names.governance(),
                        "&fieldSelector=metadata.name%3D"
                                + URLEncoder.encode(names.governance(), StandardCharsets.UTF_8),
                        KeptItems.ALL),
                secret -> present(secret, "Secret")
                        .filter(named -> named.ref().name().equals(names.governance())));
        // Those that cannot be listed are asked for by name, and what then cannot be told is a finding.
        var services = heard.services().map(ClusterAudit::whole).orElseGet(this::services);
        var gaps = new ArrayList<>(lists.gaps());
        gaps.addAll(malformed);
        gaps.addAll(others.gaps());
        var world = new ListedSurroundings(
                new AskedOnce(cluster, ASK),
                names,
                both(deployments, statefulSets, others),
                services,
                secrets,
                remembered(gaps));
        return new Inventory(
                scope(lists.isLimited()),
                standing(List.of(deployments, statefulSets), others, secrets),
                world,
                List.copyOf(gaps));
    }

    /** A process that listens has the guard's own account. */
    private OtherKinds others(VisibleLists lists) {
        var others = OtherKinds.of(lists);
        if (heard != NOTHING) {
            return others;
        }
        // Who may not list pods is told nothing of it: few may, and what a Pod runs is rarely Splice.
        return others.withPods(new VisibleLists(cluster.api(), namespace));
    }

    private List<Standing> standing(List<Listed<Found>> workloads, OtherKinds others, Listed<Named> secrets) {
        var found = new ArrayList<Standing>();
        for (var listed : workloads) {
            items(listed).forEach(each -> found.add(new Standing(each.workload(), each.uid())));
        }
        others.found().forEach(each -> found.add(new Standing(each.workload(), each.uid())));
        items(secrets)
                .forEach(each -> found.add(new Standing(
                        GovernanceSecret.read(each.object(), each.ref().namespace()), uid(each.object()))));
        return found.stream().filter(each -> isMeant(each.object().ref())).toList();
    }

    private static <T> List<T> items(Listed<T> listed) {
        return listed.items().toOptional().orElse(List.of());
    }

    private boolean isMeant(ObjectRef ref) {
        return namespace.isEmpty() || namespace.get().equals(ref.namespace());
    }

    private static String uid(JsonNode object) {
        return object.path("metadata").path("uid").asString("");
    }

    /** What is being deleted counts for gone: its pods are ended whatever is found of it. */
    private static boolean isLeaving(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    /** The items of a list do not say their kind. */
    private static Optional<Named> present(JsonNode item, String kind) {
        if (isLeaving(item)) {
            return Optional.empty();
        }
        var metadata = item.path("metadata");
        return Optional.of(new Named(
                new ObjectRef(
                        kind,
                        metadata.path("namespace").asString(""),
                        metadata.path("name").asString("")),
                item));
    }

    private static <T> Listed<T> whole(List<T> items) {
        return new Listed<>(Lookup.found(items), any -> true, true);
    }

    private Listed<Named> services() {
        return new VisibleLists(cluster.api(), namespace)
                .list(
                        new Resource("api/v1/", "services", "services", "", KeptItems.ALL),
                        service -> present(service, "Service")
                                .map(named -> new Named(named.ref(), WatchedSurroundings.whereItLeads(service))));
    }

    private Listed<Found> workloads(String kind, String plural, VisibleLists lists, List<Gap> malformed) {
        return heard.workloads(kind)
                .map(known -> whole(known.stream()
                        .filter(each -> !each.isLeaving())
                        .map(each -> new Found(each.workload(), each.uid()))
                        .toList()))
                .orElseGet(() -> listed(kind, plural, lists, malformed));
    }

    private static Listed<Found> listed(String kind, String plural, VisibleLists lists, List<Gap> malformed) {
        var listed = lists.list(
                new Resource("apis/apps/v1/", plural, plural, "", SpliceMarks::mayConcern),
                item -> workload(item, kind));
        only(Malformed.class, items(listed)).forEach(each -> malformed.add(each.gap()));
        return new Listed<>(
                listed.items().map(items -> only(Found.class, items)), listed.covers(), listed.everywhere());
    }

    private static Optional<Item> workload(JsonNode item, String kind) {
        if (isLeaving(item)) {
            return Optional.empty();
        }
        ((ObjectNode) item).put("kind", kind);
        var reading = WorkloadReader.read(item, "");
        if (reading instanceof WorkloadReader.Reading.Malformed broken) {
            return Optional.of(new Malformed(new Gap(
                    present(item, kind).orElseThrow().ref().toString(), broken.path() + " " + broken.reason())));
        }
        var workload = ((WorkloadReader.Reading.Read) reading).workload();
        return Guarded.isKept(workload) ? Optional.of(new Found(workload, uid(item))) : Optional.empty();
    }

    private static <T extends Item> List<T> only(Class<T> type, List<Item> items) {
        return items.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Known as far as both are: a namespace of which only one could be listed is looked at again when somebody asks for it. */
    private static Listed<Workload> both(Listed<Found> one, Listed<Found> other, OtherKinds others) {
        return new Listed<>(
                one.items()
                        .then(first -> other.items()
                                .map(second -> others.after(Stream.concat(first.stream(), second.stream())
                                        .map(Found::workload)
                                        .toList()))),
                name -> one.covers().test(name) && other.covers().test(name),
                one.everywhere() && other.everywhere());
    }

    /** A guard that is not installed remembers nothing. */
    private List<Sighting> remembered(List<Gap> gaps) {
        var ref = new ObjectRef("ConfigMap", installation.namespace(), installation.identities());
        if (cluster.get(ref, Deadline.in(ASK)) instanceof Lookup.Absent<JsonNode>) {
            return List.of();
        }
        var memory = new RememberedIdentities(cluster, installation);
        var asked = memory.asked(Deadline.in(ASK));
        if (asked instanceof Lookup.Unknown<List<Sighting>> unknown && namespace.isEmpty()) {
            gaps.add(new Gap(ref.toString(), unknown.why()));
        }
        return asked.toOptional().orElse(List.of());
    }

    private String scope(boolean isLimited) {
        return namespace
                .map(name -> "namespace " + name + " of " + where
                        + (isLimited ? ", without sight of all other namespaces" : ""))
                .orElse(where);
    }
}
