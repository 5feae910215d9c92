// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.AuditReport.Gap;
import io.kmsguard.admission.ListedSurroundings.Listed;
import io.kmsguard.cluster.VisibleLists.Resource;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.PodTemplate;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.SpliceMarks;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What runs Splice in a cluster and is neither a Deployment nor a StatefulSet. What nobody made is looked at; what some other
 * controller made (Argo Rollouts and the like) is named as not looked at, since only that one's own manifest tells what it will
 * make next.
 */
final class OtherKinds {

    /** The labels of what Kubernetes' own controllers make, which the lists of those cover. */
    private static final String OF_DEPLOYMENTS = "!pod-template-hash";

    private static final String OF_OWN_CONTROLLERS = OF_DEPLOYMENTS + ",!controller-revision-hash";

    /** What is looked at in its own list, whoever made it. */
    private static final Set<String> LISTED = Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet");

    private final List<Found> found = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();

    /**
     * One that nobody made.
     *
     * @param uid empty where it has none
     */
    record Found(Workload workload, String uid) {}

    /** A workload, and who made it. */
    private record Item(Workload workload, String uid, Optional<ObjectRef> controller) {}

    /** Lists them; what may not be listed is a gap of the lists. */
    static OtherKinds of(VisibleLists lists) {
        var others = new OtherKinds();
        others.list(lists, "apis/apps/v1/", "DaemonSet", "daemonsets", "");
        others.list(lists, "apis/apps/v1/", "ReplicaSet", "replicasets", OF_DEPLOYMENTS);
        return others;
    }

    /** Bare pods too. The account of the guard itself has no right on pods, and is not asked to have it. */
    OtherKinds withPods(VisibleLists lists) {
        list(lists, "api/v1/", "Pod", "pods", OF_OWN_CONTROLLERS);
        return this;
    }

    /** Those to look at. */
    List<Found> found() {
        return found;
    }

    /** Those that are seen and not looked at. */
    List<Gap> gaps() {
        return gaps;
    }

    private void list(VisibleLists lists, String prefix, String kind, String plural, String selector) {
        var query = selector.isEmpty() ? "" : "&labelSelector=" + URLEncoder.encode(selector, StandardCharsets.UTF_8);
        Listed<Item> listed = lists.list(
                new Resource(prefix, plural, plural, query, SpliceMarks::mayConcern), item -> item(item, kind));
        for (var item : listed.items().toOptional().orElse(List.of())) {
            if (item.controller().isEmpty()) {
                found.add(new Found(item.workload(), item.uid()));
            } else {
                made(item.workload(), item.controller().get());
            }
        }
    }

    private static Optional<Item> item(JsonNode object, String kind) {
        if (object.path("metadata").has("deletionTimestamp")) {
            return Optional.empty();
        }
        ((ObjectNode) object).put("kind", kind);
        return WorkloadReader.read(object, "") instanceof WorkloadReader.Reading.Read read
                        && Guarded.isKept(read.workload())
                ? Optional.of(new Item(
                        read.workload(),
                        object.path("metadata").path("uid").asString(""),
                        PodTemplate.controller(object)))
                : Optional.empty();
    }

    private void made(Workload workload, ObjectRef controller) {
        var roles = workload.roles();
        if (roles.isEmpty() || LISTED.contains(controller.kind())) {
            return;
        }
        gaps.add(new Gap(
                workload.ref().toString(),
                "runs " + roles.stream().map(Role::id).collect(Collectors.joining(", ")) + " for " + controller
                        + ", of a kind that is not looked at in a cluster; kms-guard check judges its manifest"));
    }

    /** Their workloads behind those of others. */
    List<Workload> after(List<Workload> workloads) {
        return Stream.concat(workloads.stream(), found.stream().map(Found::workload))
                .toList();
    }
}
