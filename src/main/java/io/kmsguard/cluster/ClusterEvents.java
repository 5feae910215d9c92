// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.OpenReport;
import io.kmsguard.admission.Wording;
import io.kmsguard.policy.Finding.Ground;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events of core/v1 on audited objects, where {@code kubectl describe} shows them: one for each finding that would be refused or
 * warned of. For one thread.
 */
public final class ClusterEvents {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String REASON = "KmsGuardFinding";

    /** Kubernetes cuts no message of an Event, but the newer API takes no more. */
    private static final int LONGEST = 1_024;

    private final ClusterClient cluster;
    private final String instance;
    private final BooleanSupplier mayWrite;
    private final FindingNews findings = new FindingNews();

    /**
     * Remembers nothing yet: what another replica told is known by the name of its Event, for as long as the API server keeps it.
     *
     * @param instance what Events call this replica
     * @param mayWrite asked before each write
     */
    public ClusterEvents(ClusterClient cluster, String instance, BooleanSupplier mayWrite) {
        this.cluster = cluster;
        this.instance = instance;
        this.mayWrite = mayWrite;
    }

    /** Tells what is new; what cannot be told now is tried again in the next round. */
    public Told tell(AuditReport audit) {
        var writes = new ApiWrites(cluster, mayWrite);
        for (var news : findings.of(audit)) {
            var result = news.times() > 1 ? again(news, audit.at(), writes) : first(news, audit.at(), writes);
            if (result == ApiWrites.Result.DONE) {
                findings.told(news, audit.at());
            } else if (result == ApiWrites.Result.OVERTAKEN) {
                findings.known(news, audit.at());
            }
        }
        return new Told(writes.done(), writes.failures(), writes.trouble());
    }

    private ApiWrites.Result first(FindingNews.News news, Instant at, ApiWrites writes) {
        var namespace = news.object().ref().namespace();
        return writes.send("POST", "api/v1/namespaces/" + namespace + "/events", event(news, at), "create events");
    }

    /** The Event of the last time counts up; where the API server keeps it no longer, there is another one. */
    private ApiWrites.Result again(FindingNews.News news, Instant at, ApiWrites writes) {
        var patch = JSON.createObjectNode().put("count", news.times()).put("lastTimestamp", time(at));
        var context = new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(ClusterClient.FIELD_MANAGER)
                .build();
        var result = writes.attempt(
                () -> cluster.client()
                        .v1()
                        .events()
                        .inNamespace(news.object().ref().namespace())
                        .withName(news.name())
                        .patch(context, patch.toString()),
                "patch events");
        return result == ApiWrites.Result.OVERTAKEN ? first(news, at, writes) : result;
    }

    private ObjectNode event(FindingNews.News news, Instant at) {
        var ref = news.object().ref();
        var event = JSON.createObjectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        var metadata = event.putObject("metadata").put("name", news.name()).put("namespace", ref.namespace());
        metadata.putObject("labels").put(OpenReport.LABEL, OpenReport.GUARD);
        event.putObject("involvedObject")
                .put("apiVersion", OpenReport.apiVersion(ref))
                .put("kind", ref.kind())
                .put("namespace", ref.namespace())
                .put("name", ref.name())
                .put("uid", news.object().uid());
        event.put("reason", REASON).put("message", message(news)).put("type", type(news));
        event.putObject("source").put("component", OpenReport.GUARD);
        event.put("reportingComponent", OpenReport.GUARD).put("reportingInstance", instance);
        return event.put("firstTimestamp", time(at))
                .put("lastTimestamp", time(at))
                .put("count", news.times());
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** What the next object will need is nothing to worry about yet. */
    private static String type(FindingNews.News news) {
        return news.rulings().stream().allMatch(ruling -> ruling.finding().ground() == Ground.NOTICE)
                ? "Normal"
                : "Warning";
    }

    private static String message(FindingNews.News news) {
        var first = news.rulings().get(0);
        var text = news.rulings().size() == 1
                ? first.finding().rule().id() + ": " + Wording.sentence(first) + " Fix: "
                        + first.finding().fix()
                : "(combined from similar events): " + news.rulings().size() + " more findings, of "
                        + news.rulings().stream()
                                .map(ruling -> ruling.finding().rule().id())
                                .distinct()
                                .collect(Collectors.joining(", "))
                        + "; kms-guard audit lists them";
        return Wording.cut(text, LONGEST);
    }
}
