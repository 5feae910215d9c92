// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditedObject;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.splice.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes what an HTML report says of each object: its findings first, and then who has none. */
final class HtmlObjects {

    private final AuditReport report;
    private final HtmlWriter html;

    HtmlObjects(AuditReport report, HtmlWriter html) {
        this.report = report;
        this.html = html;
    }

    void write() {
        html.open("section", "aria-labelledby", "findings").line();
        html.element("h2", "Findings", "id", "findings").line();
        var parts = IntStream.range(0, report.objects().size())
                .boxed()
                .collect(Collectors.partitioningBy(index ->
                        report.objects().get(index).judgement().rulings().isEmpty()));
        var found = parts.getOrDefault(false, new ArrayList<>());
        var clean = parts.getOrDefault(true, new ArrayList<>());
        if (found.isEmpty()) {
            html.element("p", "Nothing was found.", "class", "lead").line();
        }
        for (var decision : new Decision[] {Decision.DENY, Decision.WARN, Decision.UNSEEN, Decision.ALLOW}) {
            found.stream()
                    .filter(index -> report.objects().get(index).decision() == decision)
                    .forEach(index -> object(index, report.objects().get(index)));
        }
        if (!clean.isEmpty()) {
            html.open("details", "class", "clean").line();
            html.open("summary")
                    .element("h3", TextFindings.counted(clean.size(), "object") + " without findings")
                    .close()
                    .line();
            html.open("ul", "class", "list").line();
            clean.forEach(index -> clean(index, report.objects().get(index)));
            html.close().line().close().line();
        }
        html.close().line();
    }

    /** Of the object at that place of the report: unlike a name, it is safe in a link. */
    static String id(int index) {
        return "object-" + index;
    }

    /** A decision or an action in its colour, and in words. */
    static void badge(HtmlWriter html, String id) {
        html.element("span", id, "class", "badge " + id);
    }

    /** The id is on what the summary hides, so that a link to it opens it. */
    private void object(int index, AuditedObject object) {
        var decision = object.decision();
        html.open("article", "data-decision", decision.id());
        if (decision == Decision.DENY) {
            html.open("details", "class", decision.id(), "open", "").line();
        } else {
            html.open("details", "class", decision.id()).line();
        }
        html.open("summary").open("h3");
        badge(html, decision.id());
        html.text(" ").element("bdi", object.ref().toString()).close().text(" ");
        about(object, TextFindings.counted(object.judgement().rulings().size(), "finding"));
        html.close().line();
        html.open("ul", "class", "findings", "id", id(index)).line();
        // What is refused first; the sort is stable, so the rest keeps the order of the rules.
        object.judgement().rulings().stream()
                .sorted(Comparator.comparing(Ruling::action))
                .forEach(ruling -> finding(object, ruling));
        html.close().close().close().line();
    }

    private void clean(int index, AuditedObject object) {
        html.open("li", "data-decision", object.decision().id(), "id", id(index))
                .element("bdi", object.ref().toString())
                .text(" ");
        about(object, "");
        html.close().line();
    }

    private void about(AuditedObject object, String count) {
        var words = new ArrayList<String>();
        if (!object.roles().isEmpty()) {
            words.add(object.roles().stream().map(Role::id).collect(Collectors.joining(", ")));
        }
        object.version().ifPresent(version -> words.add("Splice " + version));
        if (!count.isEmpty()) {
            words.add(count);
        }
        html.element("span", String.join(" · ", words), "class", "muted");
    }

    private void finding(AuditedObject object, Ruling ruling) {
        var finding = ruling.finding();
        html.open("li").open("p", "class", "rule");
        badge(html, ruling.action().id());
        html.text(" ")
                .element("a", finding.rule().id(), "href", "#" + HtmlRules.id(finding.rule()))
                .text(" ")
                .element("span", finding.ruleClass().id(), "class", "muted")
                .close()
                .line();
        html.element("p", Sentences.message(ruling)).line();
        html.open("p", "class", "fix")
                .element("strong", "Fix:")
                .text(" " + finding.fix() + ".")
                .close()
                .line();
        html.open("p", "class", "place");
        object.source()
                .ifPresent(source -> html.element(
                                "bdi", Places.of(source.file(), source.lines().line(finding.path())))
                        .text(" "));
        html.element("code", finding.path().isEmpty() ? "the object as a whole" : finding.path())
                .close();
        html.close().line();
    }
}
