// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Surroundings;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KubernetesNames;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.SpliceMarks;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The world of a live cluster, asked each time. */
public final class ClusterSurroundings implements Surroundings, AutoCloseable {

    private static final String CORE = "api/v1/";
    private static final String APPS = "apis/apps/v1/";

    /** Where what is looked up by name is. */
    private static final Map<String, Resource> RESOURCES = Map.of(
            "Service", new Resource(CORE, "services"),
            "Secret", new Resource(CORE, "secrets"),
            "ConfigMap", new Resource(CORE, "configmaps"),
            "ServiceAccount", new Resource(CORE, "serviceaccounts"),
            "Namespace", new Resource(CORE, "namespaces"),
            "Deployment", new Resource(APPS, "deployments"),
            "StatefulSet", new Resource(APPS, "statefulsets"));

    private record Resource(String prefix, String plural) {}

    private static final String ALL = "in all namespaces";

    private static final int CONNECT_MILLIS = 2_000;

    private final KubernetesClient client;
    private final ApiReads api;
    private final ApiLists lists;
    private final SharedList<Workload> everywhere;

    private ClusterSurroundings(KubernetesClient client, String whose) {
        this.client = client;
        this.api = ApiReads.of(client, whose);
        this.lists = new ApiLists(api);
        this.everywhere = new SharedList<>(deadline -> workloads("", ALL, deadline));
    }

    /** As the guard in a cluster sees it. Connects on the first question, not here. */
    public static ClusterSurroundings of(ClusterAccess.Configured access) {
        return of(access, "the guard's");
    }

    /** As the person sees it who runs a command. Connects on the first question, not here. */
    public static ClusterSurroundings ofCaller(ClusterAccess.Configured access) {
        return of(access, "your");
    }

    private static ClusterSurroundings of(ClusterAccess.Configured access, String whose) {
        // One quick second try saves a review from a connection that the server had just closed; the client's own
        // default of ten would wait out the deadline instead of naming the trouble.
        var config = new ConfigBuilder(access.config())
                .withRequestRetryBackoffLimit(1)
                .withRequestRetryBackoffInterval(50)
                .withConnectionTimeout(CONNECT_MILLIS)
                // A GOAWAY of the API server would end all requests under way on the one connection.
                .withHttp2Disable(true)
                .build();
        return new ClusterSurroundings(TrustedClient.of(config), whose);
    }

    /** The requests by which this world asks. */
    ApiReads api() {
        return api;
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        var resource = RESOURCES.get(ref.kind());
        if (resource == null) {
            return Lookup.unknown(ref + " is of a kind that the guard does not look up");
        }
        // The name comes from a manifest that nobody has validated yet; it must not lead anywhere else.
        if (!KubernetesNames.isLabel(ref.namespace()) || !KubernetesNames.isSubdomain(ref.name())) {
            return Lookup.absent();
        }
        var isNamespace = ref.equals(ObjectRef.ofNamespace(ref.name()));
        var scope = isNamespace ? "" : "namespaces/" + ref.namespace() + "/";
        var answer = api.get(resource.prefix() + scope + resource.plural() + "/" + ref.name(), deadline);
        if (answer instanceof ApiReads.Answer.Absent) {
            return Lookup.absent();
        }
        if (answer instanceof ApiReads.Answer.Read read) {
            return read.body().path("kind").asString("").equals(ref.kind())
                    ? Lookup.found(read.body())
                    : Lookup.unknown(ref + " could not be read: what the API server sent is no " + ref.kind());
        }
        return Lookup.unknown(
                ref + " could not be read: " + api.why(answer, "get", resource.plural(), in(ref.namespace())));
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return KubernetesNames.isLabel(namespace)
                ? workloads("namespaces/" + namespace + "/", in(namespace), deadline)
                : Lookup.found(List.of());
    }

    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return everywhere.get(deadline);
    }

    /** A field selector on the name, with which the right to list is the right to the Secrets of that name alone. */
    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        if (!KubernetesNames.isSubdomain(name)) {
            return Lookup.found(List.of());
        }
        var secrets = new KeptItems<>(
                KeptItems.ALL,
                item -> Optional.of(GovernanceSecret.read(item, ""))
                        .filter(secret -> secret.ref().name().equals(name)));
        return list(
                "api/v1/secrets", "secrets " + name, ALL, "&fieldSelector=metadata.name%3D" + name, deadline, secrets);
    }

    /** Why no workload could be looked up now; empty where one could. */
    public Optional<String> trouble(Deadline deadline) {
        var page = lists.page("apis/apps/v1/deployments?limit=1", "deployments", ALL, deadline);
        return page instanceof Lookup.Unknown<JsonNode> unknown ? Optional.of(unknown.why()) : Optional.empty();
    }

    /** Why the API server itself does not answer, a clause; empty where it does, whatever it then allows. */
    public Optional<String> silence(Deadline deadline) {
        return api.get("api", deadline) instanceof ApiReads.Answer.Failed failed
                ? Optional.of(failed.why())
                : Optional.empty();
    }

    @Override
    public void close() {
        client.close();
    }

    private Lookup<List<Workload>> workloads(String scope, String where, Deadline deadline) {
        return workloads("Deployment", scope, "deployments", where, deadline)
                .then(deployments -> workloads("StatefulSet", scope, "statefulsets", where, deadline)
                        .map(statefulSets -> {
                            var all = new ArrayList<>(deployments);
                            all.addAll(statefulSets);
                            return List.copyOf(all);
                        }));
    }

    private Lookup<List<Workload>> workloads(
            String kind, String scope, String resource, String where, Deadline deadline) {
        var items = new KeptItems<>(SpliceMarks::mayConcern, item -> Guarded.of(item, kind));
        return list("apis/apps/v1/" + scope + resource, resource, where, "", deadline, items)
                .map(kept -> kept.stream().map(Guarded::workload).toList());
    }

    @Override
    public Lookup<List<String>> mutatingWebhooks(Deadline deadline) {
        return list(
                "apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
                "mutatingwebhookconfigurations",
                "of the cluster",
                "",
                deadline,
                new KeptItems<>(
                        KeptItems.ALL,
                        each -> Optional.of(each.at("/metadata/name").asString("") + " "
                                + String.join(" ", each.path("webhooks").findValuesAsString("name")))));
    }

    /** The guards that are registered in the cluster: whose Service is called for the review of workloads. */
    Lookup<List<Installation>> installations(Deadline deadline) {
        return list(
                        "apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
                        "validatingwebhookconfigurations",
                        "of the cluster",
                        "",
                        deadline,
                        new KeptItems<>(
                                KeptItems.ALL,
                                each -> each.path("webhooks")
                                        .valueStream()
                                        .filter(webhook -> webhook.path("name")
                                                .asString("")
                                                .equals(Installation.WORKLOADS))
                                        .map(webhook -> webhook.at("/clientConfig/service"))
                                        .filter(JsonNode::isObject)
                                        .map(service -> new Installation(
                                                service.path("namespace").asString(""),
                                                service.path("name").asString("")))
                                        .findFirst()))
                .map(found -> found.stream().distinct().toList());
    }

    private <T> Lookup<List<T>> list(
            String path, String resource, String where, String selector, Deadline deadline, KeptItems<T> items) {
        return lists.each(path, selector, resource, where, deadline, items).map(version -> items.kept());
    }

    /** The items of a list do not say their kind. */
    static Optional<Workload> read(JsonNode item, String kind) {
        if (item instanceof ObjectNode object) {
            object.put("kind", kind);
        }
        return WorkloadReader.read(item, "") instanceof WorkloadReader.Reading.Read read
                ? Optional.of(read.workload())
                : Optional.empty();
    }

    private static String in(String namespace) {
        return "in namespace " + namespace;
    }
}
