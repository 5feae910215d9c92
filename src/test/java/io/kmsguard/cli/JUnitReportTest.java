// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.maven.plugin.surefire.log.api.NullConsoleLogger;
import org.apache.maven.plugins.surefire.report.ReportTestCase;
import org.apache.maven.plugins.surefire.report.TestSuiteXmlParser;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** What other projects make of the report: Surefire's parser, and the JDK's. */
class JUnitReportTest {

    /** Surefire makes suites of its own, one for each class name, and keeps the order. */
    private static List<ReportTestCase> cases(Cli cli) throws Exception {
        assertThat(cli.err()).isEmpty();
        var suites = new TestSuiteXmlParser(new NullConsoleLogger()).parse(reader(cli));
        return suites.stream().flatMap(suite -> suite.getTestCases().stream()).toList();
    }

    private static InputStreamReader reader(Cli cli) {
        return new InputStreamReader(
                new ByteArrayInputStream(cli.out().getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static Document document(Cli cli) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(new InputSource(reader(cli)));
    }

    private static String workload(String name, String namespace) {
        return """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: "%s", namespace: "%s"}
                spec: {template: {spec: {containers: [{name: sv-app, image: "sv-app:0.7.3"}]}}}
                """.formatted(name, namespace);
    }

    @Test
    void is_read_by_surefire_as_one_case_an_object() throws Exception {
        var cli = Cli.check("participant.yaml", "sv-without-flag.yaml", "web-ui.yaml", "broken.yaml", "-o", "junit");
        assertThat(cli.exitCode()).isEqualTo(1);
        assertThat(cases(cli))
                .extracting(
                        ReportTestCase::getFullClassName,
                        ReportTestCase::getName,
                        ReportTestCase::hasFailure,
                        ReportTestCase::hasError)
                .containsExactly(
                        tuple("sv.Deployment", "participant", false, false),
                        tuple("sv.Deployment", "sv-app", true, false),
                        tuple("input", Cli.fixture("broken.yaml") + ":11", false, true),
                        tuple("input", Cli.fixture("broken.yaml") + ":19", false, true),
                        tuple("input", Cli.fixture("broken.yaml") + ":21", false, true));
        var denied = cases(cli).get(1);
        assertThat(denied.getFailureType()).isEqualTo("governance-key-flag");
        assertThat(denied.getFailureMessage())
                .startsWith("container sv-app: CometBFT node current has no external governance key")
                .endsWith("so the SV app would fail at start.");
        assertThat(denied.getFailureDetail())
                .startsWith(Cli.fixture("sv-without-flag.yaml") + ":18: governance-key-flag (broken, deny): ")
                .contains("\nFix: set synchronizers.current.cometBFT.externalGovernanceKey: true")
                .endsWith("\nMore: kms-guard explain governance-key-flag");
        assertThat(cases(cli).get(2).getFailureMessage())
                .isEqualTo("it ends too early, within something that was opened before.");
    }

    @Test
    void counts_in_each_file_and_over_all() throws Exception {
        var report = document(Cli.check("participant.yaml", "sv-without-flag.yaml", "broken.yaml", "-o", "junit"));
        assertThat(counts(report.getDocumentElement())).containsExactly("kms-guard check", "5", "1", "3", "0");
        var suites = report.getElementsByTagName("testsuite");
        assertThat(IntStream.range(0, suites.getLength()).mapToObj(i -> counts((Element) suites.item(i))))
                .containsExactly(
                        List.of(Cli.fixture("participant.yaml"), "1", "0", "0", "0"),
                        List.of(Cli.fixture("sv-without-flag.yaml"), "1", "1", "0", "0"),
                        List.of(Cli.fixture("broken.yaml"), "3", "0", "3", "0"));
    }

    private static List<String> counts(Element element) {
        return Stream.of("name", "tests", "failures", "errors", "skipped")
                .map(element::getAttribute)
                .toList();
    }

    @Test
    void makes_a_failure_of_a_warning_where_it_fails_the_check() throws Exception {
        var passed = Cli.check("participant.yaml", "-o", "junit");
        assertThat(passed.exitCode()).isZero();
        assertThat(cases(passed)).extracting(ReportTestCase::hasFailure).containsExactly(false);
        assertThat(document(passed).getElementsByTagName("system-out").item(0).getTextContent())
                .startsWith(Cli.fixture("participant.yaml") + ":28: governance-key-flag (broken, warn): ")
                .contains("\n\n" + Cli.fixture("participant.yaml") + ":28: kms-credentials (advisable, warn): ");
        var failed = Cli.check("participant.yaml", "-o", "junit", "--fail-on", "warn");
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(cases(failed))
                .extracting(ReportTestCase::hasFailure, ReportTestCase::getFailureType)
                .containsExactly(tuple(true, "governance-key-flag, kms-credentials"));
    }

    @Test
    void takes_markup_and_characters_that_xml_does_not_have() throws Exception {
        var name = "<b a='1'> &amp; ]]> \\\" \\u0000 \\u0007 \\u001b[31m \\ufffe \\ud83d\\ude00";
        var shown = "<b a='1'> &amp; ]]> \" \uFFFD \uFFFD \uFFFD[31m \uFFFD \uD83D\uDE00";
        var cli = Cli.checkText(workload(name, "<sv>"), "-o", "junit");
        assertThat(cases(cli))
                .extracting(ReportTestCase::getFullClassName, ReportTestCase::getName)
                .containsExactly(tuple("<sv>.Deployment", shown));
        assertThat(((Element) document(cli).getElementsByTagName("testcase").item(0)).getAttribute("name"))
                .isEqualTo(shown);
    }

    @Test
    void gives_no_two_cases_one_name() throws Exception {
        var twice = workload("a", "sv") + workload("a", "sv") + workload("a", "sv-2");
        assertThat(cases(Cli.checkText(twice, "-o", "junit")))
                .extracting(ReportTestCase::getFullClassName, ReportTestCase::getName)
                .containsExactly(
                        tuple("sv.Deployment", "a"),
                        tuple("sv.Deployment", "a (stdin:7)"),
                        tuple("sv-2.Deployment", "a"));
    }

    @Test
    void leaves_out_what_is_none_of_the_guards_business() throws IOException {
        Cli.check("web-ui.yaml", "-o", "junit")
                .says(
                        0,
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
                        "<testsuites name=\"kms-guard check\" tests=\"0\" failures=\"0\" errors=\"0\" skipped=\"0\">",
                        "</testsuites>");
    }

    @Test
    void replaces_only_what_xml_forbids() {
        assertThat(XmlText.of("a\tb\nc\rd \u007F\u0085 \uD83D\uDE00 \uFFFD \uE000 ü"))
                .isEqualTo("a\tb\nc\rd \u007F\u0085 \uD83D\uDE00 \uFFFD \uE000 ü");
        assertThat(Stream.of("\u0000", "\u0008", "\u000B", "\u001F", "\uD83D", "\uDE00", "\uFFFE", "\uFFFF")
                        .map(XmlText::of))
                .containsOnly("\uFFFD");
    }
}
