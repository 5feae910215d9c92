// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.AuditReport;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The report of a fleet of all releases, in a browser. {@code -Dscreenshot.write=true} makes the picture of the docs anew. */
class HtmlReportBrowserTest {

    private static final Path SCREENSHOT = Path.of("docs", "audit-report.png");
    private static final String VISIBLE = ".filter(e => e.checkVisibility()).length";

    @TempDir
    private static Path folder;

    private static Chromium browser;
    /** Of all releases. */
    private static URI page;
    /** With something in every part. */
    private static URI everything;

    private Tab tab;

    @BeforeAll
    static void write_the_report() throws IOException {
        CorpusFleet.assumePresent(HtmlReportBrowserTest.class);
        browser = Chromium.start(HtmlReportBrowserTest.class, Files.createDirectory(folder.resolve("profile")));
        var manifests = Files.createDirectory(folder.resolve("manifests"));
        CorpusFleet.write(manifests);
        var report = CorpusFleet.audit(manifests);
        page = written("fleet.html", report);
        everything = written("everything.html", AuditReports.example());
    }

    private static URI written(String name, AuditReport report) throws IOException {
        var file = folder.resolve(name);
        try (var out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
            HtmlReport.write(report, out);
        }
        return file.toUri();
    }

    @AfterAll
    static void end_the_browser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void open_the_report() {
        tab = browser.tab();
        tab.look(1280, 900, "light");
        tab.go(page);
    }

    /** Whatever a test did, the page asked for nothing, and complained of nothing. */
    @AfterEach
    void nothing_was_loaded_and_nothing_went_wrong() {
        assertThat(tab.events(event -> event.method().equals("Network.requestWillBeSent")))
                .extracting(event -> event.params().path("request").path("url").asString())
                .startsWith(page.toString())
                .isSubsetOf(page.toString(), everything.toString());
        assertThat(tab.events(event -> List.of("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
                        .contains(event.method())))
                .isEmpty();
        tab.close();
    }

    private int visible(String selector) {
        return tab.evaluate("Array.from(document.querySelectorAll('" + selector + "'))" + VISIBLE)
                .asInt();
    }

    private void awaitStatus(String text) {
        tab.awaitTrue("document.querySelector('[role=status]').textContent === '" + text + "'");
    }

    @Test
    void filters_by_words_and_by_decision() {
        awaitStatus("32 of 32 fleet rows, 68 of 68 objects");
        tab.click("input[type=search]");
        tab.type("-GUIDE sv-app");
        awaitStatus("4 of 32 fleet rows, 4 of 68 objects");
        assertThat(visible("table.fleet tbody tr")).isEqualTo(4);
        assertThat(tab.text("document.querySelector('table.fleet tbody tr:not([hidden]) td').textContent"))
                .isEqualTo("v0-4-2-guide");
        tab.click("input[value=allow]");
        awaitStatus("0 of 32 fleet rows, 0 of 68 objects");
        tab.click("input[value=deny]");
        awaitStatus("4 of 32 fleet rows, 4 of 68 objects");
    }

    @Test
    void opens_and_closes_findings_and_the_page_of_their_rule() {
        var closed = "article:has(details.warn) .findings";
        assertThat(visible(closed)).isZero();
        tab.click("article summary:has(.badge.warn)");
        assertThat(visible(closed)).isEqualTo(1);
        tab.click("button[name=close]");
        assertThat(visible(".findings")).isZero();
        tab.click("button[name=open]");
        assertThat(visible(".findings")).isEqualTo(33);
        assertThat(visible(".page")).isZero();
        tab.click(".rule a[href=\"#rule-governance-key-flag\"]");
        tab.awaitTrue("location.hash === '#rule-governance-key-flag'");
        assertThat(visible(".page")).isEqualTo(1);
        assertThat(tab.text("document.querySelector('#rule-governance-key-flag h4').textContent"))
                .isEqualTo("What it catches");
    }

    @Test
    void a_link_of_the_fleet_leads_to_findings_that_were_closed_and_filtered_away() {
        tab.click("input[type=search]");
        tab.type("missing");
        awaitStatus("4 of 32 fleet rows, 0 of 68 objects");
        tab.click("table.fleet tr:not([hidden]) th a");
        tab.awaitTrue("document.getElementById(location.hash.slice(1)).checkVisibility()");
        assertThat(visible(".findings")).isEqualTo(1);
    }

    @Test
    void prints_every_detail_and_no_controls() throws IOException {
        tab.click("button[name=close]");
        try (var pdf = Loader.loadPDF(tab.print())) {
            assertThat(pdf.getNumberOfPages()).isBetween(10, 60);
            var text = new PDFTextStripper().getText(pdf);
            assertThat(text)
                    .contains(
                            "container sv-app: CometBFT node current has no external governance key", "Why it matters")
                    .contains("objects without findings", "Secret v0-7-3-good/splice-app-sv-cometbft-governance-key")
                    .doesNotContain("Close all", "of 32 fleet rows");
        }
    }

    @Test
    void is_reached_by_keyboard_in_the_order_of_reading() {
        var stops = new ArrayList<String>();
        for (var i = 0; i < 10; i++) {
            tab.press("Tab", 9);
            stops.add(tab.text("(e => e.name || e.className || e.textContent)(document.activeElement)"));
        }
        assertThat(stops)
                .containsExactly(
                        "Fleet",
                        "Findings",
                        "Rules",
                        "text",
                        "decision",
                        "open",
                        "close",
                        "scroll",
                        "participant",
                        "participant");
        tab.evaluate("document.querySelector('article summary').focus()");
        tab.press("Tab", 9);
        assertThat(tab.text("document.activeElement.closest('.findings').id")).startsWith("object-");
        assertThat(tab.text("getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");
    }

    @Test
    void without_script_all_of_it_can_be_read() {
        try (var other = browser.tab()) {
            other.send("Emulation.setScriptExecutionDisabled", Map.of("value", true));
            other.go(page);
            assertThat(other.evaluate("document.getElementById('filter').checkVisibility()")
                            .asBoolean())
                    .isFalse();
            assertThat(other.evaluate("Array.from(document.querySelectorAll('table.fleet tbody tr'))" + VISIBLE)
                            .asInt())
                    .isEqualTo(32);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1280, light, false", "1280, dark, false", "400, light, false", "400, dark, false",
        "1280, light, true", "1280, dark, true", "400, light, true", "400, dark, true"
    })
    void has_no_fault_that_axe_knows_of(int width, String scheme, boolean all) throws IOException {
        tab.look(width, 900, scheme);
        if (all) {
            tab.go(everything);
        }
        tab.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })");
        try (var axe = getClass().getResourceAsStream("/axe.min.js")) {
            tab.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + "; true");
        }
        var found = tab.evaluate("axe.run().then(r => JSON.stringify({passes: r.passes.length, violations:"
                + " r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' | '))}))");
        assertThat(found.asString()).matches("\\{\"passes\":[1-9]\\d+,\"violations\":\\[]}");
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 400, 800, 1280})
    void fits_the_width_of_the_screen(int width) {
        tab.look(width, 900, "light");
        assertThat(tab.evaluate("document.documentElement.scrollWidth").asInt()).isEqualTo(width);
    }

    @Test
    void looks_as_the_docs_show_it() throws IOException {
        tab.look(1280, 860, "light");
        var picture = tab.screenshot();
        if (Boolean.getBoolean("screenshot.write")) {
            Files.write(SCREENSHOT, picture);
        }
        assertThat(picture.length).isBetween(20_000, 200_000);
    }
}
