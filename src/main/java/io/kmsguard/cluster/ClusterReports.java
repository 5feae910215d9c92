// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditedObject;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.OpenReport;
import io.kmsguard.admission.OpenReport.Form;
import io.kmsguard.policy.Lookup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps one report for each audited object in the cluster, in the best API of reports that it serves. Only what changed is written,
 * and only reports with the guard's label are touched. For one thread.
 */
public final class ClusterReports {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterReports.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OWN = "&labelSelector=app.kubernetes.io%2Fmanaged-by%3D" + OpenReport.GUARD;
    private static final Duration LIST = Duration.ofMinutes(5);

    private final ClusterClient cluster;
    private final ReportApis apis;
    private final ApiLists lists;
    private final BooleanSupplier mayWrite;
    private String said = "";

    /**
     * Asks for nothing yet.
     *
     * @param mayWrite asked before each write
     */
    public ClusterReports(ClusterClient cluster, BooleanSupplier mayWrite) {
        var api = ApiReads.of(cluster.client(), "the guard's");
        this.cluster = cluster;
        this.apis = new ReportApis(api);
        this.lists = new ApiLists(api);
        this.mayWrite = mayWrite;
    }

    /**
     * Brings the reports up to what was found. Where something could not be looked at, no report is removed: its object may be there.
     * Where no API of reports is served, that is said once in the log, and is no trouble.
     */
    public Told write(AuditReport audit) {
        var found = apis.find();
        if (!found.trouble().isEmpty()) {
            return new Told(0, 0, found.trouble());
        }
        if (found.served().isEmpty()) {
            say("no reports are written: " + found.none());
            return Told.NOTHING;
        }
        var form = found.served().get(0);
        say("reports are written as " + form.apiVersion());
        var writes = new ApiWrites(cluster, mayWrite);
        var trouble = sync(form, audit, writes);
        for (var other : found.served().subList(1, found.served().size())) {
            trouble = trouble.isEmpty() ? clear(other, writes) : trouble;
        }
        return new Told(writes.done(), writes.failures(), trouble.isEmpty() ? writes.trouble() : trouble);
    }

    private void say(String now) {
        if (!now.equals(said)) {
            LOG.atInfo().log(now);
        }
        said = now;
    }

    /** What is known of a report that is to go. */
    private record Surplus(String namespace, String name, String uid) {
        static Surplus of(JsonNode report) {
            var metadata = report.path("metadata");
            return new Surplus(
                    metadata.path("namespace").asString(""),
                    metadata.path("name").asString(""),
                    metadata.path("uid").asString(""));
        }
    }

    /** Takes the guard's own reports, and brings each up to what was found of its object. */
    private static final class Standing implements ApiLists.Items {

        private final Form form;
        private final AuditReport audit;
        private final ApiWrites writes;
        private final Map<String, AuditedObject> missing = new LinkedHashMap<>();
        private final List<Surplus> surplus = new ArrayList<>();

        Standing(Form form, AuditReport audit, ApiWrites writes) {
            this.form = form;
            this.audit = audit;
            this.writes = writes;
        }

        @Override
        public void begin() {
            surplus.clear();
            audit.objects().stream()
                    .filter(object -> !object.uid().isEmpty())
                    .forEach(object -> missing.put(object.ref().namespace() + "/" + OpenReport.name(object), object));
        }

        @Override
        public void take(JsonNode report) {
            var is = Surplus.of(report);
            var object = missing.remove(is.namespace() + "/" + is.name());
            if (object == null) {
                surplus.add(is);
            } else {
                update(form, report, object, audit.at(), writes);
            }
        }
    }

    private String sync(Form form, AuditReport audit, ApiWrites writes) {
        var standing = new Standing(form, audit, writes);
        var trouble = own(form, standing);
        if (trouble.isEmpty()) {
            create(form, standing.missing, audit.at(), writes);
            if (audit.gaps().isEmpty()) {
                remove(form, standing.surplus, writes);
            }
        }
        return trouble;
    }

    private String own(Form form, ApiLists.Items items) {
        var listed = lists.each(
                "apis/" + form.apiVersion() + "/" + form.resource(),
                OWN,
                form.resource() + "." + form.group(),
                "in all namespaces",
                Deadline.in(LIST),
                items);
        return listed instanceof Lookup.Unknown<String> unknown ? unknown.why() : "";
    }

    private static void update(Form form, JsonNode is, AuditedObject object, Instant at, ApiWrites writes) {
        var report = OpenReport.of(object, at, form);
        if (OpenReport.isSame(is, report)) {
            return;
        }
        OpenReport.keepTimes(report, is);
        // Of this version only: who wrote meanwhile is not written over, and read again in the next round.
        if (report.path("metadata") instanceof ObjectNode metadata) {
            metadata.put(
                    "resourceVersion",
                    is.path("metadata").path("resourceVersion").asString(""));
        }
        var unused = writes.send(
                "PUT",
                path(form, object.ref().namespace()) + "/" + OpenReport.name(object),
                report,
                "update " + form.resource() + "." + form.group());
    }

    private static void create(Form form, Map<String, AuditedObject> wanted, Instant at, ApiWrites writes) {
        for (var object : wanted.values()) {
            var unused = writes.send(
                    "POST",
                    path(form, object.ref().namespace()),
                    OpenReport.of(object, at, form),
                    "create " + form.resource() + "." + form.group());
        }
    }

    private static void remove(Form form, List<Surplus> surplus, ApiWrites writes) {
        for (var report : surplus) {
            var options = JSON.createObjectNode();
            options.put("apiVersion", "v1").put("kind", "DeleteOptions");
            options.putObject("preconditions").put("uid", report.uid());
            var unused = writes.send(
                    "DELETE",
                    path(form, report.namespace()) + "/" + report.name(),
                    options,
                    "delete " + form.resource() + "." + form.group());
        }
    }

    /** A better API came: what stands in the other one would only grow old. */
    private String clear(Form form, ApiWrites writes) {
        var none = new AuditReport(Instant.EPOCH, "", List.of(), List.of(), List.of(), List.of());
        var standing = new Standing(form, none, writes);
        var trouble = own(form, standing);
        remove(form, standing.surplus, writes);
        return trouble;
    }

    private static String path(Form form, String namespace) {
        return "apis/" + form.apiVersion() + "/namespaces/" + namespace + "/" + form.resource();
    }
}
