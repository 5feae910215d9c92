// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Operation;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Prints the demo as a table with what an operator reads under each row. */
final class DemoReport {

    private static final int WIDTH = 100;
    private static final String ROW = "%2s  %-62s %-8s %s%n";
    private static final String INDENT = "    ";
    private static final Map<Decision, String> WORDS =
            Map.of(Decision.DENY, "DENIED", Decision.WARN, "warned", Decision.ALLOW, "allowed");

    private final PrintStream out;

    DemoReport(PrintStream out) {
        this.out = out;
    }

    void opening(String url) {
        paragraph(
                "",
                "The guard listens at " + url + " with certificates made a moment ago. Each step is sent to /mutate and"
                        + " then to /validate over HTTPS, as an API server would; what is admitted is stored for the"
                        + " steps after it.");
        out.println();
        out.printf(ROW, "#", "AN OPERATOR'S STEP", "VERDICT", "RULE");
    }

    void row(int number, DemoStep step, DemoAnswer answer) {
        out.println("-".repeat(WIDTH));
        out.printf(
                ROW,
                number,
                step.title(),
                WORDS.get(answer.decision()),
                answer.rules().isEmpty() ? "-" : String.join(", ", answer.rules()));
        if (answer.decision() == Decision.DENY && answer.operation() == Operation.UPDATE) {
            helm(step, answer);
        } else if (!answer.message().isEmpty()) {
            paragraph(INDENT, answer.message());
        }
        answer.warnings().forEach(warning -> paragraph(INDENT, "Warning: " + warning));
        if (!answer.added().isEmpty()) {
            paragraph(INDENT, "Patch adds: " + String.join(", ", answer.added()));
        }
        if (!step.isAsExpected(answer)) {
            paragraph(INDENT, "NOT AS EXPECTED: this should be " + step.expectation() + ".");
        }
    }

    /** A denied upgrade as Helm prints it: the API server's words behind Helm's own. */
    private void helm(DemoStep step, DemoAnswer answer) {
        var ref = DemoCluster.ref(step.applied());
        out.println(INDENT + "What Helm prints, in one line:");
        out.println("Error: UPGRADE FAILED: cannot patch \"" + ref.name() + "\" with kind " + ref.kind()
                + ": admission webhook \"workloads.kms-guard.io\" denied the request: " + answer.message());
    }

    void closing(int steps, int unexpected) {
        out.println("-".repeat(WIDTH));
        if (unexpected > 0) {
            out.println(unexpected + " of " + steps
                    + " steps did not come out as expected. This is a bug: please report" + " it with this output.");
            return;
        }
        out.println("All " + steps + " steps came out as expected. Try next:");
        out.println();
        out.println("  ./kms-guard check examples/sv-without-key");
    }

    private void paragraph(String indent, String text) {
        var line = new StringBuilder(indent);
        for (var word : List.of(text.split(" ", -1))) {
            if (line.length() > indent.length() && line.length() + 1 + word.length() > WIDTH) {
                out.println(line);
                line = new StringBuilder(indent);
            }
            line.append(line.length() > indent.length() ? " " : "").append(word);
        }
        out.println(line);
    }
}
