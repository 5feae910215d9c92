// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.FleetRow;
import io.kmsguard.admission.FleetRow.Flag;
import io.kmsguard.admission.FleetRow.GovernanceKey;
import io.kmsguard.admission.FleetRow.Keys;
import io.kmsguard.splice.ObjectRef;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes the fleet view of an HTML report: a row for each SV, validator or participant. The style sheet lays rows out by other
 * means than a table's, so roles say what they are to those browsers that would forget it.
 */
final class HtmlFleet {

    /** The style sheet names them again, for narrow screens, where each row is a card. */
    static final List<String> COLUMNS =
            List.of("Namespace", "App", "Participant", "Version", "KMS", "Governance key", "Flag", "Decision", "Next");

    private static final Set<GovernanceKey> BAD_KEYS = EnumSet.of(GovernanceKey.ABSENT, GovernanceKey.INVALID);

    private final AuditReport report;
    private final HtmlWriter html;
    private final Map<ObjectRef, String> ids = new HashMap<>();

    HtmlFleet(AuditReport report, HtmlWriter html) {
        this.report = report;
        this.html = html;
        for (var i = 0; i < report.objects().size(); i++) {
            ids.putIfAbsent(report.objects().get(i).ref(), HtmlObjects.id(i));
        }
    }

    void write() {
        html.open("section", "aria-labelledby", "fleet").line();
        html.element("h2", "Fleet", "id", "fleet").line();
        if (report.fleet().isEmpty()) {
            html.element("p", "No SV, and no validator or participant on a KMS, was seen.", "class", "lead");
            html.close().line();
            return;
        }
        html.open("div", "class", "scroll", "role", "region", "aria-label", "Fleet table", "tabindex", "0");
        html.open("table", "class", "fleet", "role", "table").line();
        html.open("thead", "role", "rowgroup").open("tr", "role", "row");
        COLUMNS.forEach(column -> html.element("th", column, "scope", "col", "role", "columnheader"));
        html.close().close().line().open("tbody", "role", "rowgroup").line();
        report.fleet().forEach(this::row);
        html.close().line().close().close().line().close().line();
    }

    private void row(FleetRow row) {
        html.open("tr", "role", "row", "data-decision", row.decision().id());
        cell().element("bdi", row.app().namespace()).close();
        html.open("th", "scope", "row", "role", "rowheader");
        name(row.app());
        html.text(" ").element("small", kind(row.kind())).close();
        cell();
        row.participant().ifPresentOrElse(participant -> participant(row, participant), () -> muted("not seen"));
        html.close();
        cell();
        row.version().ifPresentOrElse(version -> html.text(version.toString()), () -> muted("unknown"));
        html.close();
        cell();
        kms(row);
        html.close();
        state(row.governanceKey().id(), BAD_KEYS.contains(row.governanceKey()));
        state(row.flag().id(), row.flag() == Flag.MISSING);
        cell();
        HtmlObjects.badge(html, row.decision().id());
        html.close();
        html.element("td", row.next().isEmpty() ? "" : row.next() + ".", "role", "cell");
        html.close().line();
    }

    /** With its namespace where that is another one. */
    private void participant(FleetRow row, ObjectRef participant) {
        if (!participant.namespace().equals(row.app().namespace())) {
            html.element("bdi", participant.namespace()).text("/");
        }
        name(participant);
    }

    private void name(ObjectRef ref) {
        var id = ids.get(ref);
        if (id == null) {
            html.element("bdi", ref.name());
        } else {
            html.open("a", "href", "#" + id).element("bdi", ref.name()).close();
        }
    }

    private void kms(FleetRow row) {
        if (!row.kms().isEmpty()) {
            html.element("bdi", row.kms());
        } else {
            muted(row.keys() == Keys.OWN ? "none, keys in its database" : row.keys() == Keys.KMS ? "a KMS" : "unknown");
        }
    }

    private void state(String id, boolean bad) {
        var words = id.replace('-', ' ');
        cell();
        if (bad) {
            html.element("strong", words, "class", "bad");
        } else if (id.equals("not-needed") || id.equals("unknown")) {
            muted(words);
        } else {
            html.text(words);
        }
        html.close();
    }

    private HtmlWriter cell() {
        return html.open("td", "role", "cell");
    }

    private void muted(String words) {
        html.element("span", words, "class", "muted");
    }

    /** What a row is about, for a person. */
    static String kind(FleetRow.Kind kind) {
        return kind == FleetRow.Kind.SV ? "SV" : kind.id();
    }
}
