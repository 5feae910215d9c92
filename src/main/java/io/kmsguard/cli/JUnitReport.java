// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditedObject;
import io.kmsguard.cli.Reported.Entry;
import io.kmsguard.cli.Reported.Trouble;
import io.kmsguard.policy.Judgement.Ruling;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes a report as JUnit XML, which every CI system shows: a suite a file or, of a cluster, a namespace, a test case a guarded object. An object that
 * is denied has failed, a document that could not be judged is an error. JUnit knows no warnings: they are the output of a
 * test case that has passed, unless warnings fail the check.
 *
 * <p>There is no standard; this is what Jenkins, GitLab and Surefire read alike. All three show one failure a test case, so
 * that one names all findings; GitLab keeps the first of two test cases with the same name, so no two have the same.
 */
final class JUnitReport {

    private final XMLStreamWriter xml;
    private final FailOn failOn;
    private final Set<String> names = new HashSet<>();

    private JUnitReport(XMLStreamWriter xml, FailOn failOn) {
        this.xml = xml;
        this.failOn = failOn;
    }

    /** What is in one file, or in one namespace of a cluster. */
    private record Suite(String name, List<Entry> entries, List<Trouble> unjudged, List<Trouble> troubles) {

        Suite(String name) {
            this(name, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        int tests() {
            return entries.size() + unjudged.size() + troubles.size();
        }
    }

    /**
     * Writes the report.
     *
     * @param failOn what is a failure, as it is for the exit code
     * @param out UTF-8
     */
    static void write(Reported report, FailOn failOn, PrintStream out) {
        try {
            var xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
            new JUnitReport(xml, failOn).write("kms-guard " + report.command(), suites(report));
            xml.close();
            out.println();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("the report could not be written", e);
        }
    }

    private static Collection<Suite> suites(Reported report) {
        var suites = new LinkedHashMap<String, Suite>();
        for (var entry : report.entries()) {
            suites.computeIfAbsent(entry.group(), Suite::new).entries().add(entry);
        }
        report.unjudged().forEach(object -> suite(suites, object).unjudged().add(object));
        report.troubles().forEach(trouble -> suite(suites, trouble).troubles().add(trouble));
        return suites.values();
    }

    private static Suite suite(Map<String, Suite> suites, Trouble trouble) {
        return suites.computeIfAbsent(trouble.file().map(Places::name).orElse(""), Suite::new);
    }

    private void write(String name, Collection<Suite> suites) throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        line(0);
        xml.writeStartElement("testsuites");
        attribute("name", name);
        counts(suites);
        for (var suite : suites) {
            line(1);
            xml.writeStartElement("testsuite");
            attribute("name", suite.name());
            counts(List.of(suite));
            for (var entry : suite.entries()) {
                entry(entry);
            }
            for (var object : suite.unjudged()) {
                trouble(object, failOn == FailOn.UNRENDERED ? "failure" : "skipped");
            }
            for (var trouble : suite.troubles()) {
                trouble(trouble, "error");
            }
            line(1);
            xml.writeEndElement();
        }
        line(0);
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private void counts(Collection<Suite> suites) throws XMLStreamException {
        attribute("tests", suites.stream().mapToInt(Suite::tests).sum());
        attribute(
                "failures",
                suites.stream()
                                .flatMap(suite -> suite.entries().stream())
                                .filter(entry -> failOn.holds(entry.judgement()))
                                .count()
                        + (failOn == FailOn.UNRENDERED ? unjudged(suites) : 0));
        attribute(
                "errors",
                suites.stream().mapToInt(suite -> suite.troubles().size()).sum());
        attribute("skipped", failOn == FailOn.UNRENDERED ? 0 : unjudged(suites));
    }

    private static long unjudged(Collection<Suite> suites) {
        return suites.stream().mapToInt(suite -> suite.unjudged().size()).sum();
    }

    private void entry(Entry entry) throws XMLStreamException {
        var ref = entry.ref();
        testCase(
                ref.namespace() + "." + ref.kind(),
                ref.name(),
                entry.place(""),
                entry.source().map(AuditedObject.Source::file),
                entry.line("").orElse(0));
        var rulings = entry.judgement().rulings().stream().collect(Collectors.partitioningBy(failOn::holds));
        var failing = rulings.getOrDefault(true, List.of());
        if (!failing.isEmpty()) {
            line(3);
            xml.writeStartElement("failure");
            attribute(
                    "type",
                    failing.stream()
                            .map(ruling -> ruling.finding().rule().id())
                            .distinct()
                            .collect(Collectors.joining(", ")));
            attribute("message", failing.stream().map(Sentences::message).collect(Collectors.joining(" ")));
            text(failing.stream().map(ruling -> paragraph(entry, ruling)).collect(Collectors.joining("\n\n")));
            xml.writeEndElement();
        }
        var noted = output(entry, rulings.getOrDefault(false, List.of()));
        if (noted || !failing.isEmpty()) {
            line(2);
        }
        xml.writeEndElement();
    }

    /** Writes what is worth knowing of an object and fails nothing, if there is anything. */
    private boolean output(Entry entry, List<Ruling> rulings) throws XMLStreamException {
        var paragraphs = new ArrayList<String>();
        rulings.forEach(ruling -> paragraphs.add(paragraph(entry, ruling)));
        entry.notes().forEach(note -> paragraphs.add(note + "."));
        if (!paragraphs.isEmpty()) {
            line(3);
            xml.writeStartElement("system-out");
            text(String.join("\n\n", paragraphs));
            xml.writeEndElement();
        }
        return !paragraphs.isEmpty();
    }

    private static String paragraph(Entry entry, Ruling ruling) {
        var finding = ruling.finding();
        return entry.place(finding.path()) + ": " + finding.rule().id() + " ("
                + finding.ruleClass().id() + ", "
                + ruling.action().id() + "): " + Sentences.message(ruling)
                + "\nFix: " + finding.fix()
                + ".\nMore: kms-guard explain " + finding.rule().id();
    }

    private void trouble(Trouble trouble, String element) throws XMLStreamException {
        testCase("input", trouble.what(), trouble.what(), trouble.file(), trouble.line());
        line(3);
        xml.writeStartElement(element);
        if (!element.equals("skipped")) {
            attribute("type", "input");
        }
        attribute("message", trouble.why() + ".");
        text(trouble.what() + ": " + trouble.why() + ".");
        xml.writeEndElement();
        line(2);
        xml.writeEndElement();
    }

    /** A test case has a file only where there is one: what shows it would look for it. */
    private void testCase(String group, String name, String place, Optional<String> file, int line)
            throws XMLStreamException {
        line(2);
        xml.writeStartElement("testcase");
        attribute("classname", group);
        attribute("name", unique(group, name, place));
        if (file.isPresent()) {
            attribute("file", Places.name(file.get()));
        }
        if (line > 0) {
            attribute("line", line);
        }
    }

    private String unique(String group, String name, String place) {
        var candidate = name;
        for (var count = 1; !names.add(group + "\n" + candidate); count++) {
            candidate = name + " (" + place + (count == 1 ? "" : ", " + count) + ")";
        }
        return candidate;
    }

    private void attribute(String name, Object value) throws XMLStreamException {
        // A parser would make spaces of line breaks anyway.
        xml.writeAttribute(name, XmlText.of(String.valueOf(value)).replaceAll("\\s", " "));
    }

    private void text(String text) throws XMLStreamException {
        xml.writeCharacters(XmlText.of(text));
    }

    private void line(int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }
}
