// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.FleetRow;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.splice.Digests;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes an audit as one HTML file that needs nothing else: style and script are in it, and its Content-Security-Policy lets
 * nothing be loaded or run but those two, by their hashes. Without script all of it can be read, and only the filter is not
 * there.
 */
final class HtmlReport {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final String STYLE = resource("report.css");
    private static final String SCRIPT = resource("report.js");
    private static final String POLICY = String.join(
            "; ",
            "default-src 'none'",
            "style-src '" + hash(STYLE) + "'",
            "script-src '" + hash(SCRIPT) + "'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'");

    private final AuditReport report;
    private final HtmlWriter html;

    private HtmlReport(AuditReport report, HtmlWriter html) {
        this.report = report;
        this.html = html;
    }

    /**
     * Writes the report.
     *
     * @param out where to; the file is UTF-8 whatever its charset
     */
    static void write(AuditReport report, PrintStream out) {
        var html = new HtmlWriter(out);
        new HtmlReport(report, html).document();
        html.finish();
    }

    private void document() {
        html.trusted("<!DOCTYPE html>\n").open("html", "lang", "en").line();
        head();
        html.open("body").line();
        header();
        html.open("main").line();
        summary();
        filter();
        new HtmlFleet(report, html).write();
        new HtmlObjects(report, html).write();
        gaps();
        expired();
        new HtmlRules(report, html).write();
        html.close().line();
        html.open("script").trusted(SCRIPT).close().line();
        html.close().line().close().line();
    }

    private void head() {
        html.open("head").line().open("meta", "charset", "utf-8").line();
        html.open("meta", "http-equiv", "Content-Security-Policy", "content", POLICY)
                .line();
        html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        html.open("meta", "name", "color-scheme", "content", "light dark").line();
        html.open("meta", "name", "referrer", "content", "no-referrer").line();
        html.element("title", "Audit of " + report.scope() + " - kms-guard").line();
        html.open("style").trusted(STYLE).close().line();
        html.close().line();
    }

    private void header() {
        html.open("header").line();
        html.element("p", "kms-guard audit", "class", "product").line();
        html.open("h1").element("bdi", report.scope()).close().line();
        html.open("p", "class", "about")
                .element("time", TIME.format(report.at()), "datetime", String.valueOf(report.at()))
                .text(", kms-guard " + KmsGuardCommand.Version.ofJar().orElse("of a build without a version"))
                .close()
                .line();
        html.open("nav", "aria-label", "Sections").line();
        link("fleet", "Fleet");
        link("findings", "Findings");
        if (!report.gaps().isEmpty()) {
            link("gaps", "Gaps");
        }
        if (!report.expired().isEmpty()) {
            link("expired", "Expired exceptions");
        }
        link("rules", "Rules");
        html.close().line().close().line();
    }

    private void link(String id, String title) {
        html.element("a", title, "href", "#" + id).line();
    }

    private void summary() {
        html.open("section", "aria-labelledby", "summary").line();
        html.element("h2", "Summary", "id", "summary").line();
        html.open("ul", "class", "tiles").line();
        for (var decision : new Decision[] {Decision.DENY, Decision.WARN, Decision.UNSEEN, Decision.ALLOW}) {
            if (decision == Decision.UNSEEN && report.count(decision) == 0) {
                continue;
            }
            tile(decision.id(), report.count(decision), report.count(decision) == 1 ? "object" : "objects");
        }
        tile("gap", report.gaps().size(), report.gaps().size() == 1 ? "gap" : "gaps");
        tile("gap", report.expired().size(), report.expired().size() == 1 ? "expired exception" : "expired exceptions");
        html.close().line();
        html.element("p", fleet()).line();
        Sentences.newer(report.newer())
                .ifPresent(text -> html.element("p", text).line());
        html.close().line();
    }

    private void tile(String kind, long count, String what) {
        html.open("li", "class", "tile " + (count == 0 ? "none" : kind))
                .element("span", String.valueOf(count), "class", "count")
                .text(" ");
        if (!kind.equals("gap")) {
            HtmlObjects.badge(html, kind);
            html.text(" ");
        }
        html.text(what).close().line();
    }

    private String fleet() {
        return "Fleet: "
                + Arrays.stream(FleetRow.Kind.values())
                        .map(kind -> TextFindings.counted(
                                report.fleet().stream()
                                        .filter(row -> row.kind() == kind)
                                        .count(),
                                HtmlFleet.kind(kind)))
                        .collect(Collectors.joining(", "))
                + ".";
    }

    /** The script shows it: without one it could do nothing. */
    private void filter() {
        html.open("form", "id", "filter", "role", "search", "aria-label", "Fleet and findings", "hidden", "")
                .line();
        html.open("label", "class", "text")
                .element("span", "Filter")
                .text(" ")
                .open(
                        "input",
                        "type",
                        "search",
                        "name",
                        "text",
                        "autocomplete",
                        "off",
                        "spellcheck",
                        "false",
                        "placeholder",
                        "name, namespace, rule, …")
                .close()
                .line();
        html.open("fieldset").element("legend", "Decision").line();
        for (var decision : new String[] {"all", "deny", "warn", "allow"}) {
            html.open("label");
            if (decision.equals("all")) {
                html.open("input", "type", "radio", "name", "decision", "value", "", "checked", "");
            } else {
                html.open("input", "type", "radio", "name", "decision", "value", decision);
            }
            html.element("span", decision).close().line();
        }
        html.close().line();
        html.element("button", "Open all", "type", "button", "name", "open").line();
        html.element("button", "Close all", "type", "button", "name", "close").line();
        html.open("p", "role", "status").close().line();
        html.close().line();
    }

    private void gaps() {
        if (report.gaps().isEmpty()) {
            return;
        }
        section("gaps", "Gaps", "What could not be looked at. All else was.");
        html.open("ul", "class", "list").line();
        for (var gap : report.gaps()) {
            html.open("li")
                    .open("strong")
                    .element("bdi", gap.what())
                    .close()
                    .text(": " + gap.why() + ".")
                    .close()
                    .line();
        }
        html.close().line().close().line();
    }

    private void expired() {
        if (report.expired().isEmpty()) {
            return;
        }
        section("expired", "Expired exceptions", "Exceptions of the policy that have ended. They do nothing.");
        html.open("div", "class", "scroll", "role", "region", "aria-label", "Exceptions table", "tabindex", "0");
        html.open("table").line().open("thead").open("tr");
        for (var column : new String[] {"Rule", "Namespace", "Name", "Owner", "Reason", "Ended on"}) {
            html.element("th", column, "scope", "col");
        }
        html.close().close().line().open("tbody").line();
        for (var exception : report.expired()) {
            html.open("tr");
            html.element("th", exception.rule(), "scope", "row");
            html.element("td", exception.namespace());
            html.element("td", exception.name().orElse("every object"));
            html.element("td", exception.owner());
            html.element("td", exception.reason());
            html.element("td", exception.until().toString());
            html.close().line();
        }
        html.close().line().close().close().line().close().line();
    }

    private void section(String id, String title, String lead) {
        html.open("section", "aria-labelledby", id).line();
        html.element("h2", title, "id", id).line();
        html.element("p", lead, "class", "lead").line();
    }

    private static String resource(String name) {
        try (var resource = HtmlReport.class.getResourceAsStream("/io/kmsguard/report/" + name)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String text) {
        return "sha256-" + Base64.getEncoder().encodeToString(Digests.sha256(text));
    }
}
