// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.FleetRow;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.SpliceVersion;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Writes an audit for people: the fleet, what is wrong and the way out of it, and what changed. */
final class AuditText {

    private static final List<String> COLUMNS = List.of(
            "DECISION", "NAMESPACE", "APP", "KIND", "PARTICIPANT", "VERSION", "KEYS", "GOVERNANCE KEY", "FLAG", "KMS");
    private static final String NONE = "-";

    private final PrintStream out;
    private final TextFindings findings;

    /**
     * A report on its way to a stream.
     *
     * @param width the column that prose must not pass; neither the table nor a command is ever broken
     */
    AuditText(PrintStream out, boolean colour, int width) {
        this.out = out;
        this.findings = new TextFindings(out, colour, width);
    }

    /**
     * Writes the report.
     *
     * @param news what changed since an earlier one, where that was asked for
     */
    void write(AuditReport report, Optional<AuditNews> news) {
        var reported = Reported.of(report);
        out.println(findings.paint(Ink.BOLD, "Audit of " + Printable.of(report.scope())) + ", " + report.at());
        out.println();
        fleet(report.fleet());
        var wrong = reported.entries().stream()
                .filter(entry -> !entry.judgement().rulings().isEmpty())
                .toList();
        wrong.forEach(findings::entry);
        reported.troubles().forEach(findings::trouble);
        report.expired().forEach(findings::expired);
        Sentences.newer(report.newer()).ifPresent(text -> findings.paragraph("", text));
        if (!report.gaps().isEmpty()
                || !report.expired().isEmpty()
                || !report.newer().isEmpty()) {
            out.println();
        }
        news.ifPresent(changed -> since(changed, !report.gaps().isEmpty()));
        findings.paragraph("", summary(report));
        findings.more(wrong);
    }

    private void fleet(List<FleetRow> rows) {
        if (rows.isEmpty()) {
            out.println("No SV and no participant on a KMS is seen.");
            out.println();
            return;
        }
        var table = new ArrayList<List<String>>();
        table.add(COLUMNS);
        rows.forEach(row -> table.add(cells(row)));
        var widths = IntStream.range(0, COLUMNS.size())
                .map(column -> table.stream()
                        .mapToInt(row -> row.get(column)
                                .codePointCount(0, row.get(column).length()))
                        .max()
                        .orElse(0))
                .toArray();
        for (var i = 0; i < table.size(); i++) {
            var line = line(table.get(i), widths);
            if (i == 0) {
                out.println(findings.paint(Ink.DIM, line));
                continue;
            }
            var row = rows.get(i - 1);
            out.println(findings.decision(row.decision(), widths[0]) + line.substring(widths[0]));
            if (!row.next().isEmpty()) {
                out.println("  " + findings.paint(Ink.BOLD, "Next:") + " " + row.next() + ".");
            }
        }
        out.println();
    }

    private static List<String> cells(FleetRow row) {
        return List.of(
                TextFindings.word(row.decision()),
                Printable.of(row.app().namespace()),
                Printable.of(row.app().name()),
                row.kind().id(),
                Printable.of(row.participant()
                        .map(participant -> name(participant, row.app()))
                        .orElse(NONE)),
                row.version().map(SpliceVersion::toString).orElse(NONE),
                row.keys().id(),
                row.governanceKey().id(),
                row.flag().id(),
                row.kms().isEmpty() ? NONE : Printable.of(row.kms()));
    }

    private static String name(ObjectRef participant, ObjectRef app) {
        return participant.namespace().equals(app.namespace())
                ? participant.name()
                : participant.namespace() + "/" + participant.name();
    }

    private static String line(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (var i = 0; i < cells.size(); i++) {
            var cell = cells.get(i);
            line.append(i == 0 ? "" : "  ").append(cell);
            if (i < cells.size() - 1) {
                line.append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length())));
            }
        }
        return line.toString();
    }

    private void since(AuditNews news, boolean hasGaps) {
        var earlier = news.earlier();
        out.println(findings.paint(Ink.BOLD, "Since " + earlier.at() + " (" + Printable.of(earlier.scope()) + ")"));
        if (news.isEmpty()) {
            out.println("  Nothing changed.");
        }
        for (var change : news.rows()) {
            out.println(
                    "  " + "%-7s".formatted(change.word()) + "  " + change.row().kind() + " "
                            + Printable.of(change.row().app().toString())
                            + fields(change));
        }
        news.fresh().forEach(finding -> finding("new", finding));
        news.gone().forEach(finding -> finding("gone", finding));
        if (hasGaps && !(news.gone().isEmpty() && news.rows().isEmpty())) {
            findings.paragraph("  ", "What is gone may only not have been seen: not everything could be looked at.");
        }
        out.println();
    }

    private static String fields(AuditNews.RowChange change) {
        return change.fields().isEmpty()
                ? ""
                : ": "
                        + String.join(
                                ", ",
                                change.fields().stream()
                                        .map(field -> field.name() + " " + shown(field.before()) + " -> "
                                                + shown(field.now()))
                                        .toList());
    }

    private static String shown(String value) {
        return value.isEmpty() ? NONE : Printable.of(value);
    }

    private void finding(String word, ToldAudit.ToldFinding finding) {
        findings.paragraph(
                "  ",
                "%-7s".formatted(word) + "  "
                        + Printable.of(finding.ref() + ": " + finding.rule() + " (" + finding.action() + "): "
                                + finding.message()));
    }

    private static String summary(AuditReport report) {
        var parts = new ArrayList<String>();
        parts.add(TextFindings.counted(AuditJson.count(report, FleetRow.Kind.SV), "SV"));
        parts.add(TextFindings.counted(AuditJson.count(report, FleetRow.Kind.VALIDATOR), "validator") + " on a KMS");
        parts.add(TextFindings.counted(AuditJson.count(report, FleetRow.Kind.PARTICIPANT), "KMS participant")
                + " without an app");
        return String.join(", ", parts) + ". Of "
                + TextFindings.counted(report.objects().size(), "object") + " "
                + TextFindings.decided(report::count)
                + (report.gaps().isEmpty()
                        ? "."
                        : ", and " + TextFindings.counted(report.gaps().size(), "thing") + " could not be looked at.");
    }
}
