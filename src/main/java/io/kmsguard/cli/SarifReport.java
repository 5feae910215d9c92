// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cli.Reported.Entry;
import io.kmsguard.cli.Reported.Trouble;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.rule.Rules;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ArrayNode;
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

    static void write(Reported report, PrintStream out) {
        try (var json = PrettyJson.generator(out)) {
            new SarifReport(json).write(report);
        }
        out.println();
    }

    private void write(Reported report) {
        json.writeStartObject();
        json.writeStringProperty("$schema", SCHEMA);
        json.writeStringProperty("version", "2.1.0");
        json.writeArrayPropertyStart("runs");
        json.writeStartObject();
        tool();
        json.writeArrayPropertyStart("invocations");
        json.writeTree(invocation(report));
        json.writeEndArray();
        var root = PrettyJson.object();
        root.putObject(SarifLocations.ROOT)
                .putObject("description")
                .put("text", "The folder that kms-guard was started in.");
        json.writeName("originalUriBaseIds");
        json.writeTree(root);
        json.writeArrayPropertyStart("results");
        report.entries()
                .forEach(entry -> entry.judgement().rulings().forEach(ruling -> json.writeTree(result(entry, ruling))));
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
            case UNSEEN, AUDIT -> "note";
            case OFF -> "none";
        };
    }

    private ObjectNode invocation(Reported report) {
        var invocation =
                PrettyJson.object().put("executionSuccessful", report.troubles().isEmpty());
        var notifications = invocation.putArray("toolExecutionNotifications");
        notify(notifications, report.unjudged(), "warning");
        notify(notifications, report.troubles(), "error");
        return invocation;
    }

    private void notify(ArrayNode notifications, List<Trouble> troubles, String level) {
        for (var trouble : troubles) {
            var notification = notifications.addObject();
            var place = locations.of(trouble);
            place.ifPresent(notification.putArray("locations")::add);
            notification
                    .putObject("message")
                    .put("text", message((place.isEmpty() ? trouble.what() + ": " : "") + trouble.why() + "."));
            notification.put("level", level);
        }
    }

    private ObjectNode result(Entry entry, Ruling ruling) {
        var finding = ruling.finding();
        var node = PrettyJson.object()
                .put("ruleId", finding.rule().id())
                .put("ruleIndex", ids.indexOf(finding.rule().id()))
                .put("level", level(ruling.action()));
        node.putObject("message")
                .put("text", message(entry.ref() + ": " + Sentences.message(ruling) + " Fix: " + finding.fix() + "."));
        node.putArray("locations").add(locations.of(entry, finding));
        node.putObject("partialFingerprints").put(FINGERPRINT, FindingFingerprint.of(entry.ref(), finding));
        node.putObject("properties")
                .put("class", finding.ruleClass().id())
                .put("action", ruling.action().id())
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
}
