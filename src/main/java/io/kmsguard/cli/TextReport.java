// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cli.CheckReport.Result;
import java.io.PrintStream;

/** Writes a report for people: what is wrong and the way out of it, then what it comes to. */
final class TextReport {

    private final PrintStream out;
    private final TextFindings findings;

    /**
     * A report on its way to a stream.
     *
     * @param width the column that prose must not pass; commands are never broken
     */
    TextReport(PrintStream out, boolean colour, int width) {
        this.out = out;
        this.findings = new TextFindings(out, colour, width);
    }

    void write(CheckReport report) {
        var reported = Reported.of(report);
        reported.entries().forEach(findings::entry);
        reported.unjudged().forEach(findings::unjudged);
        reported.troubles().forEach(findings::trouble);
        report.expired().forEach(findings::expired);
        summary(report, reported);
    }

    private void summary(CheckReport report, Reported reported) {
        if (reported.entries().isEmpty()) {
            out.println("Nothing to judge: no participant, SV app or governance key Secret in "
                    + TextFindings.counted(report.documents(), "object") + "."
                    + (report.unjudged().isEmpty()
                            ? ""
                            : " " + report.unjudged().size() + " not judged.")
                    + (report.errors().isEmpty()
                            ? ""
                            : " " + TextFindings.counted(report.errors().size(), "error") + "."));
            return;
        }
        if (!report.errors().isEmpty()
                || !report.expired().isEmpty()
                || !report.unjudged().isEmpty()) {
            out.println();
        }
        findings.paragraph("", counts(report) + others(report));
        findings.more(reported.entries());
    }

    private static String counts(CheckReport report) {
        var counts = TextFindings.decided(decision -> report.results().stream()
                .filter(result -> result.isGuarded() && result.decision() == decision)
                .count());
        if (!report.unjudged().isEmpty()) {
            counts += ", " + report.unjudged().size() + " not judged";
        }
        return report.errors().isEmpty()
                ? counts
                : counts + ", " + TextFindings.counted(report.errors().size(), "error");
    }

    private static String others(CheckReport report) {
        var others = report.documents()
                - report.unjudged().size()
                - report.results().stream().filter(Result::isGuarded).count();
        if (others == 0) {
            return ".";
        }
        return ". " + TextFindings.counted(others, "other object") + (others == 1 ? " is" : " are")
                + " none of the guard's business.";
    }
}
