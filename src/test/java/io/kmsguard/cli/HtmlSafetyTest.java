// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the report lets in, runs and loads, and that it is the same wherever it is written. */
class HtmlSafetyTest {

    @Test
    void runs_only_its_own_style_and_script_and_loads_nothing() throws Exception {
        var document = HtmlReportTest.read(AuditReports.example());
        assertThat(document.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
                .isEqualTo("default-src 'none'; style-src '"
                        + hash(document.expectFirst("style").data())
                        + "'; script-src '"
                        + hash(document.expectFirst("script").data())
                        + "'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'");
        assertThat(document.select("style, script")).hasSize(2);
        assertThat(document.select("[src], [style], link, img, iframe, object, embed"))
                .isEmpty();
        assertThat(document.getAllElements().stream()
                        .flatMap(element -> element.attributes().asList().stream())
                        .filter(attribute -> attribute.getKey().startsWith("on")))
                .isEmpty();
        assertThat(document.expectFirst("style").data()).doesNotContain("url(", "@import");
    }

    private static String hash(String text) throws Exception {
        return "sha256-"
                + Base64.getEncoder()
                        .encodeToString(
                                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void without_script_there_is_no_filter() {
        assertThat(HtmlReportTest.read(AuditReports.example())
                        .expectFirst("form")
                        .hasAttr("hidden"))
                .isTrue();
    }

    @Test
    void the_cards_of_a_narrow_screen_are_labelled_as_the_table_is() {
        var style = HtmlReportTest.read(AuditReports.EMPTY).expectFirst("style").data();
        for (var i = 0; i < HtmlFleet.COLUMNS.size(); i++) {
            assertThat(style)
                    .contains(":nth-child(%d)::before { content: \"%s\" / \"\"; }"
                            .formatted(i + 1, HtmlFleet.COLUMNS.get(i)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "</script><script>alert(1)</script>",
                "</style></title><img src=x onerror=alert(1)>",
                "\" onmouseover=\"alert(1)",
                "' autofocus onfocus='alert(1)",
                "<!--",
                "&lt;b&gt;&#x202e;",
                "<!DOCTYPE html><base href=//evil>",
                "javascript:alert(1)",
                "]]>",
                "`${alert(1)}`",
                "\ud83d\ude00 \u05d0\u05d1 \u4e2d",
            })
    void markup_in_a_name_is_text(String word) {
        var benign = HtmlReportTest.read(AuditReports.example());
        var hostile = HtmlReportTest.read(AuditReports.with(word));
        assertThat(shape(hostile)).isEqualTo(shape(benign));
        assertThat(hostile.select("table.fleet tbody tr:eq(1) bdi").eachText())
                .containsExactly(
                        collapsed("sv-1" + word),
                        collapsed("sv-app" + word),
                        collapsed("nodes" + word),
                        collapsed("participant" + word),
                        collapsed("GCP KMS (project acme)" + word));
        assertThat(hostile.select("section:has(#expired) tbody tr > *").eachText())
                .contains(collapsed("a test" + word));
        assertThat(hostile.title()).contains(collapsed(word).strip());
    }

    private static String collapsed(String text) {
        return text.replaceAll("\\s+", " ");
    }

    /** Every element with its attributes, which hold no word from elsewhere. */
    private static List<String> shape(Document document) {
        return document.getAllElements().stream()
                .map(element -> element.tagName() + " "
                        + element.attributes().asList().stream()
                                .map(attribute -> attribute.getKey() + "=" + attribute.getValue())
                                .toList())
                .toList();
    }

    @Test
    void what_cannot_be_seen_is_written_out() {
        var word = "\u202e\u2066\u200b\u0000\u0007\u001b[31m\u0085\ufeff\u2028\ud800x\udfff\ufffe"
                + new String(Character.toChars(0xE0041));
        var page = HtmlReportTest.write(AuditReports.with(word));
        assertThat(page.codePoints()
                        .filter(point -> point != '\n')
                        .filter(point -> Character.isISOControl(point)
                                || Character.getType(point) == Character.FORMAT
                                || Character.getType(point) == Character.LINE_SEPARATOR
                                || point == 0xFFFD
                                || point == 0xFFFE)
                        .boxed())
                .isEmpty();
        assertThat(Jsoup.parse(page).expectFirst("h1").text())
                .isEqualTo(
                        "cluster https://api.example\\u{202e}\\u{2066}\\u{200b}\\u{0}\\u{7}\\u{1b}[31m\\u{85}\\u{feff}"
                                + "\\u{2028}\\u{d800}x\\u{dfff}\\u{fffe}\\u{e0041}");
    }

    @Test
    void one_report_is_one_file_wherever_it_is_written() {
        var once = HtmlReportTest.write(AuditReports.with("é"));
        var locale = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(HtmlReportTest.write(AuditReports.with("é"), StandardCharsets.US_ASCII))
                    .isEqualTo(once);
        } finally {
            Locale.setDefault(locale);
        }
        assertThat(once).endsWith("</html>\n").contains("sv-1é");
    }
}
