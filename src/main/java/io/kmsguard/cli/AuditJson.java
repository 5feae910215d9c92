// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditedObject;
import io.kmsguard.admission.FleetRow;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Releases;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ObjectNode;

/** Writes an audit for machines, as docs/audit-report.schema.json says, one object after the other. */
final class AuditJson {

    static final String API_VERSION = "kms-guard.io/v1";
    static final String KIND = "AuditReport";

    private final JsonGenerator json;

    private AuditJson(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes the report.
     *
     * @param news what changed since an earlier one, where that was asked for
     */
    static void write(AuditReport report, Optional<AuditNews> news, PrintStream out) {
        try (var json = PrettyJson.generator(out)) {
            new AuditJson(json).write(report, news);
        }
        out.println();
    }

    private void write(AuditReport report, Optional<AuditNews> news) {
        json.writeStartObject();
        json.writeStringProperty("apiVersion", API_VERSION);
        json.writeStringProperty("kind", KIND);
        json.writeStringProperty("at", report.at().toString());
        json.writeStringProperty("scope", report.scope());
        json.writeName("summary");
        json.writeTree(summary(report));
        json.writeArrayPropertyStart("fleet");
        report.fleet().forEach(row -> json.writeTree(row(row)));
        json.writeEndArray();
        json.writeArrayPropertyStart("results");
        report.objects().forEach(object -> json.writeTree(result(object)));
        json.writeEndArray();
        json.writeArrayPropertyStart("gaps");
        report.gaps()
                .forEach(gap -> json.writeTree(
                        PrettyJson.object().put("what", gap.what()).put("why", gap.why())));
        json.writeEndArray();
        if (!report.expired().isEmpty()) {
            json.writeArrayPropertyStart("expiredExceptions");
            report.expired().forEach(exception -> {
                var node = PrettyJson.object();
                JsonReport.add(node, exception);
                json.writeTree(node);
            });
            json.writeEndArray();
        }
        var newer = report.newer();
        if (!newer.isEmpty()) {
            json.writeName("newerThanKnown");
            json.writeTree(newer(newer));
        }
        news.ifPresent(changed -> {
            json.writeName("since");
            json.writeTree(since(changed));
        });
        json.writeEndObject();
    }

    private static ObjectNode summary(AuditReport report) {
        return PrettyJson.object()
                .put("svs", count(report, FleetRow.Kind.SV))
                .put("validators", count(report, FleetRow.Kind.VALIDATOR))
                .put("participants", count(report, FleetRow.Kind.PARTICIPANT))
                .put("denied", report.count(Decision.DENY))
                .put("warned", report.count(Decision.WARN))
                .put("unseen", report.count(Decision.UNSEEN))
                .put("allowed", report.count(Decision.ALLOW))
                .put("gaps", report.gaps().size());
    }

    static long count(AuditReport report, FleetRow.Kind kind) {
        return report.fleet().stream().filter(row -> row.kind() == kind).count();
    }

    private static ObjectNode row(FleetRow row) {
        var node = PrettyJson.object().put("kind", row.kind().id());
        ref(node.putObject("app"), row.app());
        row.participant().ifPresent(participant -> ref(node.putObject("participant"), participant));
        row.version().ifPresent(version -> node.put("version", version.toString()));
        return node.put("keys", row.keys().id())
                .put("kms", row.kms())
                .put("governanceKey", row.governanceKey().id())
                .put("flag", row.flag().id())
                .put("decision", row.decision().id())
                .put("next", row.next());
    }

    private static void ref(ObjectNode node, ObjectRef ref) {
        node.put("kind", ref.kind()).put("namespace", ref.namespace()).put("name", ref.name());
    }

    private static ObjectNode result(AuditedObject object) {
        var node = PrettyJson.object();
        object.source()
                .ifPresent(source -> node.putObject("source")
                        .put("file", source.file())
                        .put("line", source.lines().first()));
        ref(node, object.ref());
        if (!object.uid().isEmpty()) {
            node.put("uid", object.uid());
        }
        var roles = node.putArray("roles");
        object.roles().forEach(role -> roles.add(role.id()));
        object.version().ifPresent(version -> node.put("version", version.toString()));
        node.put("decision", object.decision().id());
        var findings = node.putArray("findings");
        object.judgement().rulings().forEach(ruling -> finding(findings.addObject(), object, ruling));
        return node;
    }

    private static void finding(ObjectNode node, AuditedObject object, Ruling ruling) {
        var finding = ruling.finding();
        node.put("rule", finding.rule().id())
                .put("class", finding.ruleClass().id())
                .put("action", ruling.action().id())
                .put("message", Sentences.message(ruling))
                .put("path", finding.path());
        object.source().ifPresent(source -> node.put("line", source.lines().line(finding.path())));
        node.put("fix", finding.fix())
                .put("docs", finding.rule().page())
                .put("fingerprint", FindingFingerprint.of(object.ref(), finding));
    }

    private static ObjectNode newer(List<AuditedObject> objects) {
        var node = PrettyJson.object().put("newestKnown", Releases.NEWEST.toString());
        var array = node.putArray("objects");
        objects.forEach(object -> {
            var each = array.addObject();
            ref(each, object.ref());
            object.version().ifPresent(version -> each.put("version", version.toString()));
        });
        return node;
    }

    private static ObjectNode since(AuditNews news) {
        var node = PrettyJson.object()
                .put("at", news.earlier().at().toString())
                .put("scope", news.earlier().scope());
        var fresh = node.putArray("new");
        news.fresh().forEach(finding -> told(fresh.addObject(), finding));
        var gone = node.putArray("gone");
        news.gone().forEach(finding -> told(gone.addObject(), finding));
        var rows = node.putArray("rows");
        for (var change : news.rows()) {
            var row = rows.addObject().put("kind", change.row().kind());
            ref(row.putObject("app"), change.row().app());
            row.put("change", change.word());
            var fields = row.putArray("fields");
            change.fields()
                    .forEach(field -> fields.addObject()
                            .put("field", field.name())
                            .put("before", field.before())
                            .put("now", field.now()));
        }
        return node;
    }

    private static void told(ObjectNode node, ToldAudit.ToldFinding finding) {
        ref(node, finding.ref());
        node.put("rule", finding.rule())
                .put("action", finding.action())
                .put("message", finding.message())
                .put("fingerprint", finding.fingerprint());
    }
}
