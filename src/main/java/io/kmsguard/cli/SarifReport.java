// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.ManifestProblem;
import io.kmsguard.cli.CheckReport.Result;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.rule.Rules;
import io.kmsguard.splice.ObjectRef;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a report for code scanning: SARIF 2.1.0, one result a finding, one result after the other.
 *
 * <p>No result has SARIF's {@code fixes}: those are replacements of text that a viewer applies at a click, and the way out
 * of a finding is a command or a chart's value. It stands in the message and in {@code properties.fix}.
 */
final class SarifReport {

    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    /** The number goes up when another thing makes the fingerprint: who remembers old ones must not compare them. */
    private static final String FINGERPRINT = "kmsGuardFinding/v1";

    private final JsonGenerator json;
    private final SarifLocations locations = new SarifLocations(Path.of("").toAbsolutePath());
    private final List<RuleInfo> rules = Rules.all().stream().map(Rule::info).toList();
    private final List<String> ids = rules.stream().map(RuleInfo::id).toList();

    private SarifReport(JsonGenerator json) {
        this.json = json;
    }

    static void write(CheckReport report, PrintStream out) {
        try (var json = PrettyJson.generator(out)) {
            new SarifReport(json).write(report);
        }
        out.println();
    }

    private void write(CheckReport report) {
        json.writeStartObject();
        json.writeStringProperty("$schema", SCHEMA);
        json.writeStringProperty("version", "2.1.0");
        json.writeArrayPropertyStart("runs");
        json.writeStartObject();
        tool();
        json.writeArrayPropertyStart("invocations");
        json.writeTree(invocation(report.errors()));
        json.writeEndArray();
        var root = PrettyJson.object();
        root.putObject(SarifLocations.ROOT)
                .putObject("description")
                .put("text", "The folder that kms-guard was started in.");
        json.writeName("originalUriBaseIds");
        json.writeTree(root);
        json.writeArrayPropertyStart("results");
        report.results()
                .forEach(result ->
                        result.judgement().rulings().forEach(ruling -> json.writeTree(result(result, ruling))));
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void tool() {
        json.writeObjectPropertyStart("tool");
        json.writeObjectPropertyStart("driver");
        json.writeStringProperty("name", "kms-guard");
        KmsGuardCommand.Version.ofJar().ifPresent(version -> json.writeStringProperty("semanticVersion", version));
        json.writeArrayPropertyStart("rules");
        rules.forEach(rule -> json.writeTree(rule(rule)));
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static ObjectNode rule(RuleInfo rule) {
        var page = RulePages.page(rule);
        var node = PrettyJson.object().put("id", rule.id());
        node.putObject("shortDescription").put("text", sentence(rule.summary()));
        node.putObject("fullDescription").put("text", RulePages.lead(page));
        node.putObject("help").put("text", page).put("markdown", page);
        node.putObject("defaultConfiguration")
                .put("level", level(rule.ruleClass().defaultAction()));
        node.putObject("properties")
                .putArray("tags")
                .add(rule.ruleClass().id())
                .add("kms")
                .add("kubernetes");
        return node;
    }

    private static String sentence(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1) + ".";
    }

    private static String level(Action action) {
        return switch (action) {
            case DENY -> "error";
            case WARN -> "warning";
            case AUDIT -> "note";
            case OFF -> "none";
        };
    }

    private ObjectNode invocation(List<ManifestProblem> errors) {
        var invocation = PrettyJson.object().put("executionSuccessful", errors.isEmpty());
        var notifications = invocation.putArray("toolExecutionNotifications");
        for (var error : errors) {
            var notification = notifications.addObject();
            notification.putArray("locations").add(locations.of(error));
            notification.putObject("message").put("text", message(error.message() + "."));
            notification.put("level", "error");
        }
        return invocation;
    }

    private ObjectNode result(Result result, Ruling ruling) {
        var finding = ruling.finding();
        var node = PrettyJson.object()
                .put("ruleId", finding.rule().id())
                .put("ruleIndex", ids.indexOf(finding.rule().id()))
                .put("level", level(ruling.action()));
        node.putObject("message")
                .put("text", message(result.ref() + ": " + Sentences.message(ruling) + " Fix: " + finding.fix() + "."));
        node.putArray("locations").add(locations.of(result, finding));
        node.putObject("partialFingerprints").put(FINGERPRINT, fingerprint(result.ref(), finding));
        node.putObject("properties")
                .put("class", finding.ruleClass().id())
                .put("fix", finding.fix())
                .put("docs", finding.rule().page());
        return node;
    }

    /**
     * As section 3.11 wants it: braces, which would be a placeholder, twice; and no link that a manifest's own words could
     * make.
     */
    private static String message(String text) {
        return text.replace("{", "{{").replace("}", "}}").replace("](", "\\](");
    }

    /** The same for the same defect of the same object, wherever in whichever file it stands. */
    private static String fingerprint(ObjectRef ref, Finding finding) {
        var identity = String.join("\n", finding.rule().id(), ref.kind(), ref.namespace(), ref.name(), finding.key());
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
