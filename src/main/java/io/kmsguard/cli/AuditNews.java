// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.cli.ToldAudit.ToldFinding;
import io.kmsguard.cli.ToldAudit.ToldRow;
import io.kmsguard.splice.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What changed from one audit to the next.
 *
 * @param fresh findings that were not there, or that decide something else now
 * @param gone findings that are there no longer
 * @param rows the rows of the fleet that are new, gone or changed
 */
record AuditNews(ToldAudit earlier, List<ToldFinding> fresh, List<ToldFinding> gone, List<RowChange> rows) {

    /**
     * One row.
     *
     * @param row as it is now; one that is gone, as it was
     * @param word {@code new}, {@code gone} or {@code changed}
     * @param fields what changed; empty for a row that is new or gone
     */
    record RowChange(ToldRow row, String word, List<FieldChange> fields) {}

    /** One field of a row; empty where it had or has no value. */
    record FieldChange(String name, String before, String now) {}

    static AuditNews of(ToldAudit earlier, ToldAudit now) {
        return new AuditNews(
                earlier,
                without(now.findings(), earlier.findings()),
                without(earlier.findings(), now.findings()),
                rows(earlier, now));
    }

    boolean isEmpty() {
        return fresh.isEmpty() && gone.isEmpty() && rows.isEmpty();
    }

    private static List<ToldFinding> without(List<ToldFinding> findings, List<ToldFinding> others) {
        Set<String> known = others.stream().map(AuditNews::identity).collect(Collectors.toSet());
        return findings.stream()
                .filter(finding -> !known.contains(identity(finding)))
                .toList();
    }

    private static String identity(ToldFinding finding) {
        return finding.fingerprint() + " " + finding.action();
    }

    private static List<RowChange> rows(ToldAudit earlier, ToldAudit now) {
        var left = byApp(earlier);
        var changes = new ArrayList<RowChange>();
        byApp(now).forEach((app, row) -> {
            var before = left.remove(app);
            if (before == null) {
                changes.add(new RowChange(row, "new", List.of()));
            } else if (!before.equals(row)) {
                changes.add(new RowChange(row, "changed", fields(before, row)));
            }
        });
        left.values().forEach(row -> changes.add(new RowChange(row, "gone", List.of())));
        return changes;
    }

    private static Map<ObjectRef, ToldRow> byApp(ToldAudit audit) {
        var rows = new LinkedHashMap<ObjectRef, ToldRow>();
        audit.rows().forEach(row -> rows.put(row.app(), row));
        return rows;
    }

    private static List<FieldChange> fields(ToldRow before, ToldRow now) {
        var changes = new ArrayList<FieldChange>();
        if (!before.kind().equals(now.kind())) {
            changes.add(new FieldChange("kind", before.kind(), now.kind()));
        }
        now.fields().forEach((name, value) -> {
            var was = before.fields().getOrDefault(name, "");
            if (!was.equals(value)) {
                changes.add(new FieldChange(name, was, value));
            }
        });
        return changes;
    }
}
