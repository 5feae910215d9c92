// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.rule.Rules;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Writes the pages of the rules that found something: the very pages that {@code explain} prints. */
final class HtmlRules {

    /** A page's title stands under the report's sections, as an h3. */
    private static final int LEVELS_DOWN = 2;

    private static final Parser MARKDOWN =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder()
            .extensions(List.of(TablesExtension.create()))
            .escapeHtml(true)
            .attributeProviderFactory(context -> HtmlRules::scope)
            .build();

    private final HtmlWriter html;
    private final Map<String, Long> counts;

    HtmlRules(AuditReport report, HtmlWriter html) {
        this.html = html;
        this.counts = report.objects().stream()
                .flatMap(object -> object.judgement().rulings().stream())
                .map(ruling -> ruling.finding().rule().id())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    void write() {
        html.open("section", "aria-labelledby", "rules").line();
        html.element("h2", "Rules", "id", "rules").line();
        html.element(
                        "p",
                        counts.isEmpty() ? "No rule found anything." : "The pages of the rules that found something.",
                        "class",
                        "lead")
                .line();
        Rules.all().stream()
                .map(rule -> rule.info())
                .filter(rule -> counts.containsKey(rule.id()))
                .forEach(this::rule);
        html.close().line();
    }

    /** Of a rule's page. */
    static String id(RuleInfo rule) {
        return "rule-" + rule.id();
    }

    private void rule(RuleInfo rule) {
        html.open("details").line().open("summary");
        html.element("h3", rule.id())
                .text(" ")
                .element("span", TextFindings.counted(counts.getOrDefault(rule.id(), 0L), "finding"), "class", "muted")
                .close()
                .line();
        html.open("div", "class", "page", "id", id(rule))
                .line()
                .trusted(page(rule))
                .close()
                .close()
                .line();
    }

    /** The page without its title. */
    static String page(RuleInfo rule) {
        var page = MARKDOWN.parse(RulePages.page(rule));
        var title = page.getFirstChild();
        if (title instanceof Heading) {
            title.unlink();
        }
        page.accept(new Fitting());
        return RENDERER.render(page);
    }

    private static void scope(Node node, String tag, Map<String, String> attributes) {
        if (node instanceof TableCell cell && cell.isHeader()) {
            attributes.put("scope", "col");
        }
    }

    /** Makes a page of the project one of the report. */
    private static final class Fitting extends AbstractVisitor {
        @Override
        public void visit(Heading heading) {
            heading.setLevel(heading.getLevel() + LEVELS_DOWN);
            visitChildren(heading);
        }

        /** The other pages are not in the report, so a link between pages is but its words. */
        @Override
        public void visit(Link link) {
            visitChildren(link);
            if (!link.getDestination().startsWith("https:")) {
                for (var child = link.getFirstChild(); child != null; child = link.getFirstChild()) {
                    link.insertBefore(child);
                }
                link.unlink();
            }
        }
    }
}
