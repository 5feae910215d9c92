// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.policy.rule.Rules;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class HtmlReportTest {

    static String write(AuditReport report) {
        return write(report, StandardCharsets.UTF_8);
    }

    static String write(AuditReport report, Charset charset) {
        var out = new ByteArrayOutputStream();
        HtmlReport.write(report, new PrintStream(out, false, charset));
        return out.toString(StandardCharsets.UTF_8);
    }

    static Document read(AuditReport report) {
        return Jsoup.parse(write(report));
    }

    static List<String> texts(Element root, String selector) {
        return root.select(selector).eachText();
    }

    @Test
    void says_what_was_audited_when_and_by_what() {
        var document = read(AuditReports.example());
        assertThat(texts(document, "header > :not(nav)"))
                .containsExactly(
                        "kms-guard audit",
                        "cluster https://api.example",
                        "2026-11-25 15:20:31 UTC, kms-guard of a build without a version");
        assertThat(document.title()).isEqualTo("Audit of cluster https://api.example - kms-guard");
        assertThat(document.select("time").attr("datetime")).isEqualTo("2026-11-25T15:20:31.417Z");
        assertThat(document.select("html").attr("lang")).isEqualTo("en");
    }

    @Test
    void sums_up() {
        var document = read(AuditReports.example());
        assertThat(texts(document, ".tile"))
                .containsExactly("2 deny objects", "0 warn objects", "2 allow objects", "1 gap", "1 expired exception");
        assertThat(texts(document, "section:has(#summary) > p"))
                .containsExactly("Fleet: 1 SV, 1 validator, 1 participant.");
    }

    @Test
    void has_a_row_for_each_of_the_fleet() {
        var table = read(AuditReports.example()).expectFirst("table.fleet");
        assertThat(texts(table, "thead th")).containsExactlyElementsOf(HtmlFleet.COLUMNS);
        assertThat(table.select("tbody tr").stream().map(row -> row.children().eachText()))
                .containsExactly(
                        List.of(
                                "val",
                                "participant participant",
                                "not seen",
                                "0.7.3",
                                "none, keys in its database",
                                "not needed",
                                "not needed",
                                "allow"),
                        List.of(
                                "sv-1",
                                "sv-app SV",
                                "nodes/participant",
                                "0.7.3",
                                "GCP KMS (project acme)",
                                "absent",
                                "missing",
                                "deny",
                                "set the flag."),
                        List.of(
                                "val",
                                "validator-app validator",
                                "participant",
                                "unknown",
                                "AWS KMS",
                                "not needed",
                                "unknown",
                                "warn",
                                "shorten it."));
        assertThat(table.select("tr").eachAttr("data-decision")).containsExactly("allow", "deny", "warn");
        assertThat(table.select(".bad").eachText()).containsExactly("absent", "missing");
    }

    @Test
    void tables_tell_what_their_headers_are_for() {
        var document = read(AuditReports.example());
        assertThat(document.select("thead th:not([scope=col])")).isEmpty();
        assertThat(document.select("tbody th:not([scope=row])")).isEmpty();
        assertThat(document.select("tbody tr:not(.page tr):not(:has(th))")).isEmpty();
    }

    @Test
    void groups_findings_by_object_and_has_what_is_refused_first() {
        var document = read(AuditReports.example());
        assertThat(texts(document, "article summary"))
                .containsExactly(
                        "deny StatefulSet nodes/participant participant · Splice 0.7.3 · 2 findings",
                        "deny Deployment sv-1/sv-app sv-app · Splice 0.7.3 · 1 finding",
                        "allow Deployment val/validator-app validator-app · Splice 0.7.3 · 1 finding");
        assertThat(texts(document, "article .findings > li"))
                .containsExactly(
                        "deny kms-config broken container c: a defect. Fix: mend it. sv.yaml:6 /spec/template",
                        "warn session-key-lifetime advisable container c: a defect (as before). Fix: mend it."
                                + " sv.yaml:6 /spec/template",
                        "deny governance-key-flag broken container c: a defect. Fix: mend it. /spec/template",
                        "audit kms-config broken container c: a defect. Fix: mend it. /spec/template");
        assertThat(texts(document, "article > details[open] h3"))
                .containsExactly("deny StatefulSet nodes/participant", "deny Deployment sv-1/sv-app");
        assertThat(texts(document, ".clean > *"))
                .containsExactly("1 object without findings", "Deployment val/participant participant · Splice 0.7.3");
    }

    @Test
    void every_link_leads_to_something_in_the_report() {
        var document = read(AuditReports.example());
        var ids = document.select("[id]").eachAttr("id");
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(document.select("main a, nav a").eachAttr("href"))
                .contains("#object-0", "#object-1", "#object-2", "#object-3", "#rule-kms-config", "#fleet", "#gaps")
                .allSatisfy(href -> assertThat(ids).contains(href.substring(1)));
        assertThat(document.expectFirst("tbody tr:contains(sv-1) th a").attr("href"))
                .isEqualTo("#object-1");
        assertThat(document.expectFirst("article:has(#object-1) h3 bdi").text()).isEqualTo("Deployment sv-1/sv-app");
    }

    @Test
    void has_the_page_of_each_rule_that_found_something() {
        var document = read(AuditReports.example());
        assertThat(texts(document, "details:has(.page) > summary"))
                .containsExactly(
                        "governance-key-flag 1 finding", "kms-config 2 findings", "session-key-lifetime 1 finding");
        var page = document.expectFirst("#rule-governance-key-flag");
        assertThat(texts(page, "h4"))
                .containsExactly("What it catches", "Why it matters", "How to fix", "Example", "Since");
        assertThat(page.expectFirst("p").text())
                .isEqualTo("An SV on a KMS participant without an external governance key.");
        assertThat(texts(page, "th[scope=col]")).containsExactly("release", "values key");
        assertThat(texts(page, "td code"))
                .contains("synchronizers.<current, successor or legacy>.cometBFT.externalGovernanceKey: true");
    }

    @Test
    void every_rule_has_a_page_that_can_be_shown() {
        for (var rule : Rules.all()) {
            var page = Jsoup.parseBodyFragment(HtmlRules.page(rule.info()));
            assertThat(texts(page, "h4"))
                    .as(rule.info().id())
                    .containsExactly("What it catches", "Why it matters", "How to fix", "Example", "Since");
            assertThat(page.select("h1, h2, h3, a:not([href^=https:])")).isEmpty();
        }
    }

    @Test
    void headings_are_in_order() {
        var level = 0;
        for (var heading : read(AuditReports.example()).select("h1, h2, h3, h4, h5, h6")) {
            var own = Integer.parseInt(heading.tagName().substring(1));
            assertThat(own).as(heading.text()).isLessThanOrEqualTo(level + 1);
            level = own;
        }
    }

    @Test
    void tells_of_gaps_and_of_exceptions_that_have_ended() {
        var document = read(AuditReports.example());
        assertThat(texts(document, "section:has(#gaps) li")).containsExactly("namespace b: it may not be read.");
        assertThat(texts(document, "section:has(#expired) tbody tr > *"))
                .containsExactly("kms-mode", "sv-1", "sv-app", "ops", "a test", "2026-10-31");
    }

    @Test
    void says_so_where_there_is_nothing() {
        var document = read(AuditReports.EMPTY);
        assertThat(texts(document, "section h2")).containsExactly("Summary", "Fleet", "Findings", "Rules");
        assertThat(texts(document, ".lead"))
                .containsExactly(
                        "No SV, and no validator or participant on a KMS, was seen.",
                        "Nothing was found.",
                        "No rule found anything.");
        assertThat(texts(document, "nav a")).containsExactly("Fleet", "Findings", "Rules");
    }
}
