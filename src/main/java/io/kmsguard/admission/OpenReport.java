// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.splice.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an audit found of one object, as a report in the cluster: one report an object, owned by it, so that it goes with it. The
 * fields are those of report_types.go of openreports/reports-api; {@code wgpolicyk8s.io} has the same but the source of the whole.
 */
public final class OpenReport {

    /** Who looks after a report, by the label {@value #LABEL}. */
    public static final String GUARD = "kms-guard";

    /** The usual label of who looks after an object. */
    public static final String LABEL = "app.kubernetes.io/managed-by";

    /** A longer message than that is read by nobody. */
    private static final int LONGEST = 1_024;

    /** A report must fit into etcd, however much is wrong with its object. */
    private static final int MOST_RESULTS = 100;

    private static final JsonMapper JSON = new JsonMapper();

    /** An API of reports. */
    public enum Form {
        OPEN_REPORTS("openreports.io", "v1alpha1", "reports", "Report"),
        POLICY_REPORTS("wgpolicyk8s.io", "v1alpha2", "policyreports", "PolicyReport");

        private final String group;
        private final String version;
        private final String resource;
        private final String kind;

        Form(String group, String version, String resource, String kind) {
            this.group = group;
            this.version = version;
            this.resource = resource;
            this.kind = kind;
        }

        public String group() {
            return group;
        }

        public String version() {
            return version;
        }

        /** The plural, as it stands in paths. */
        public String resource() {
            return resource;
        }

        public String apiVersion() {
            return group + "/" + version;
        }
    }

    /** How a rule went, in the words of the report. */
    public enum Result {
        PASS,
        /** It would be refused. */
        FAIL,
        /** It would be warned of, or is only counted. */
        WARN,
        /** It could not be told. */
        ERROR,
        /** The policy has an exception from it. */
        SKIP;

        /** How a finding counts. */
        public static Result of(Ruling ruling) {
            if (ruling.excepted()) {
                return SKIP;
            }
            if (ruling.finding().ground() == Ground.UNKNOWN) {
                return ERROR;
            }
            return ruling.action() == Action.DENY ? FAIL : WARN;
        }

        private String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private OpenReport() {}

    /**
     * The report on an object.
     *
     * @param at when it was looked at
     */
    public static ObjectNode of(AuditedObject object, Instant at, Form form) {
        var report = JSON.createObjectNode();
        report.put("apiVersion", form.apiVersion()).put("kind", form.kind);
        metadata(object, report.putObject("metadata"));
        if (form == Form.OPEN_REPORTS) {
            report.put("source", GUARD);
        }
        reference(object, report.putObject("scope"))
                .put("namespace", object.ref().namespace());
        results(object, at, report);
        return report;
    }

    /**
     * Its name. Not the UID alone, as is usual: Kyverno and Kubewarden call theirs so, and one of them would find its place taken.
     * An object of a file has no UID; its kind and name stand in.
     */
    public static String name(AuditedObject object) {
        return GUARD + "-"
                + (object.uid().isEmpty()
                        ? UUID.nameUUIDFromBytes(object.ref().toString().getBytes(StandardCharsets.UTF_8))
                                .toString()
                        : object.uid());
    }

    private static void metadata(AuditedObject object, ObjectNode metadata) {
        metadata.put("name", name(object)).put("namespace", object.ref().namespace());
        metadata.putObject("labels").put(LABEL, GUARD);
        if (!object.uid().isEmpty()) {
            reference(object, metadata.putArray("ownerReferences").addObject());
        }
    }

    private static ObjectNode reference(AuditedObject object, ObjectNode reference) {
        reference
                .put("apiVersion", apiVersion(object.ref()))
                .put("kind", object.ref().kind())
                .put("name", object.ref().name());
        return object.uid().isEmpty() ? reference : reference.put("uid", object.uid());
    }

    /** The API that an audited object is of. */
    public static String apiVersion(ObjectRef ref) {
        return ref.kind().equals("Secret") ? "v1" : "apps/v1";
    }

    private static void results(AuditedObject object, Instant at, ObjectNode report) {
        var counts = new EnumMap<Result, Integer>(Result.class);
        var rulings = object.judgement().rulings();
        rulings.forEach(ruling -> counts.merge(Result.of(ruling), 1, Integer::sum));
        if (rulings.isEmpty()) {
            counts.put(Result.PASS, 1);
        }
        var summary = report.putObject("summary");
        for (var result : Result.values()) {
            summary.put(result.id(), counts.getOrDefault(result, 0));
        }
        var results = report.putArray("results");
        if (rulings.isEmpty()) {
            add(results, Result.PASS, at).put("message", "No rule finds anything.");
        }
        rulings.stream()
                .sorted(Comparator.comparing((Ruling ruling) -> ruling.finding().ruleClass()))
                .limit(MOST_RESULTS)
                .forEach(ruling -> add(results, ruling, at));
    }

    private static ObjectNode add(ArrayNode results, Result result, Instant at) {
        var node = results.addObject();
        node.put("source", GUARD).put("policy", GUARD).put("result", result.id());
        node.putObject("timestamp").put("seconds", at.getEpochSecond()).put("nanos", at.getNano());
        return node;
    }

    private static void add(ArrayNode results, Ruling ruling, Instant at) {
        var finding = ruling.finding();
        var node = add(results, Result.of(ruling), at);
        node.put("rule", finding.rule().id())
                .put("category", finding.ruleClass().id())
                .put("severity", severity(ruling))
                .put("message", Wording.cut(Wording.sentence(ruling), LONGEST));
        var properties = node.putObject("properties");
        properties
                .put("action", ruling.action().id())
                .put("fix", Wording.cut(finding.fix(), LONGEST))
                .put("docs", finding.rule().page());
        if (!finding.path().isEmpty()) {
            properties.put("path", Wording.cut(finding.path(), LONGEST));
        }
    }

    private static String severity(Ruling ruling) {
        if (ruling.finding().ground() == Ground.NOTICE) {
            return "info";
        }
        return switch (ruling.finding().ruleClass()) {
            case IRREVERSIBLE -> "critical";
            case BROKEN -> "high";
            case ADVISABLE -> "medium";
        };
    }

    /** Whether two reports say the same, perhaps at different times. */
    public static boolean isSame(JsonNode report, JsonNode other) {
        return content(report).equals(content(other));
    }

    private static List<JsonNode> content(JsonNode report) {
        var content = new ArrayList<JsonNode>();
        content.add(report.at("/metadata/ownerReferences"));
        for (var field : List.of("source", "scope", "summary")) {
            content.add(report.path(field));
        }
        report.path("results").forEach(result -> content.add(untimed(result)));
        return content;
    }

    private static JsonNode untimed(JsonNode result) {
        return result instanceof ObjectNode node ? node.deepCopy().without("timestamp") : result;
    }

    /** Dates each result that stood in the earlier report already as it was dated there: since when it is so. */
    public static void keepTimes(ObjectNode report, JsonNode earlier) {
        var times = new HashMap<JsonNode, JsonNode>();
        earlier.path("results").forEach(result -> times.putIfAbsent(untimed(result), result.path("timestamp")));
        for (var result : report.path("results")) {
            var time = times.get(untimed(result));
            if (time instanceof ObjectNode && result instanceof ObjectNode node) {
                node.set("timestamp", time);
            }
        }
    }

    /** All reports of an audit in one List, as {@code kubectl apply} takes it. */
    public static ObjectNode list(AuditReport audit) {
        var list = JSON.createObjectNode();
        list.put("apiVersion", "v1").put("kind", "List");
        var items = list.putArray("items");
        audit.objects().forEach(object -> items.add(of(object, audit.at(), Form.OPEN_REPORTS)));
        return list;
    }
}
