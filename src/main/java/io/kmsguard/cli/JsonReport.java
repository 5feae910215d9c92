// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.admission.Patches;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.PolicyException;
import io.kmsguard.splice.ObjectRef;
import java.io.PrintStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a report for machines, as docs/check-report.schema.json says. */
final class JsonReport {

    private JsonReport() {}

    static void write(CheckReport report, PrintStream out) {
        var root = PrettyJson.object();
        root.put("apiVersion", "kms-guard.io/v1");
        root.put("kind", "CheckReport");
        root.putObject("summary")
                .put("workloads", report.workloads())
                .put("denied", report.count(Decision.DENY))
                .put("warned", report.count(Decision.WARN))
                .put("unseen", report.count(Decision.UNSEEN))
                .put("allowed", report.count(Decision.ALLOW))
                .put("unrendered", report.count(Unjudged.Reason.UNRENDERED))
                .put("errors", report.errors().size());
        var results = root.putArray("results");
        report.results().forEach(result -> add(results.addObject(), result));
        if (!report.unjudged().isEmpty()) {
            var unjudged = root.putArray("unjudged");
            report.unjudged().forEach(object -> add(unjudged.addObject(), object));
        }
        var errors = root.putArray("errors");
        report.errors().forEach(error -> add(errors.addObject(), error));
        if (!report.expired().isEmpty()) {
            var expired = root.putArray("expiredExceptions");
            report.expired().forEach(exception -> add(expired.addObject(), exception));
        }
        out.println(PrettyJson.text(root));
    }

    private static void add(ObjectNode node, Unjudged object) {
        head(node, object.manifest(), object.ref());
        node.put("reason", object.reason().id()).put("message", object.why());
    }

    private static void head(ObjectNode node, Manifest manifest, ObjectRef ref) {
        node.putObject("source").put("file", manifest.file()).put("line", manifest.line());
        node.put("kind", ref.kind()).put("namespace", ref.namespace()).put("name", ref.name());
    }

    private static void add(ObjectNode node, CheckReport.Result result) {
        head(node, result.manifest(), result.ref());
        result.roles().forEach(node.putArray("roles")::add);
        node.put("decision", result.decision().id());
        var findings = node.putArray("findings");
        result.judgement().rulings().forEach(ruling -> add(findings, result, ruling));
        node.set("patch", Patches.toJson(result.completion().operations()));
    }

    private static void add(ArrayNode findings, CheckReport.Result result, Ruling ruling) {
        var finding = ruling.finding();
        findings.addObject()
                .put("rule", finding.rule().id())
                .put("class", finding.ruleClass().id())
                .put("action", ruling.action().id())
                .put("message", Sentences.message(ruling))
                .put("path", finding.path())
                .put("line", result.manifest().lines().line(finding.path()))
                .put("fix", finding.fix())
                .put("docs", finding.rule().page());
    }

    static void add(ObjectNode node, ManifestProblem error) {
        node.put("file", error.file());
        if (error.line() > 0) {
            node.put("line", error.line());
        }
        node.put("message", error.message());
    }

    static void add(ObjectNode node, PolicyException exception) {
        node.put("rule", exception.rule()).put("namespace", exception.namespace());
        exception.name().ifPresent(name -> node.put("name", name));
        node.put("owner", exception.owner())
                .put("reason", exception.reason())
                .put("until", exception.until().toString());
    }
}
