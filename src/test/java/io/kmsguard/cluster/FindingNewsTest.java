// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import static io.kmsguard.admission.AuditedObjects.AT;
import static io.kmsguard.admission.AuditedObjects.audit;
import static io.kmsguard.admission.AuditedObjects.blind;
import static io.kmsguard.admission.AuditedObjects.denied;
import static io.kmsguard.admission.AuditedObjects.deployment;
import static io.kmsguard.admission.AuditedObjects.finding;
import static io.kmsguard.admission.AuditedObjects.ruling;
import static io.kmsguard.admission.AuditedObjects.warned;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.RuleClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FindingNewsTest {

    private final FindingNews findings = new FindingNews();

    private static Instant after(int minutes) {
        return AT.plus(Duration.ofMinutes(minutes));
    }

    /** Tells all that is to be told; each as its object, rules and times. */
    private List<String> told(AuditReport audit) {
        var news = findings.of(audit);
        news.forEach(each -> findings.told(each, audit.at()));
        return news.stream().map(FindingNewsTest::shown).toList();
    }

    private static String shown(FindingNews.News news) {
        return news.object().ref().name() + " "
                + news.rulings().stream()
                        .map(each -> each.finding().rule().id())
                        .collect(Collectors.joining("+"))
                + " x" + news.times();
    }

    @Test
    void a_finding_is_told_once_while_it_lasts() {
        assertThat(told(audit(AT, deployment("a", denied("r"), warned("s")), deployment("b", denied("r")))))
                .containsExactly("a r x1", "a s x1", "b r x1");
        for (var minutes : List.of(1, 59, 61, 3_000)) {
            assertThat(told(audit(
                            after(minutes), deployment("a", denied("r"), warned("s")), deployment("b", denied("r")))))
                    .isEmpty();
        }
        assertThat(told(audit(after(3_001), deployment("a", denied("r"), denied("t")))))
                .containsExactly("a t x1");
    }

    @Test
    void the_same_finding_has_the_same_name_whoever_tells_it() {
        var audit = audit(AT, deployment("a", denied("r")), deployment("b", denied("r"), denied("s")));
        var names = findings.of(audit).stream().map(FindingNews.News::name).toList();
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("kms-guard\\.[0-9a-f]{32}"));
        assertThat(new FindingNews().of(audit).stream().map(FindingNews.News::name))
                .containsExactlyElementsOf(names);
    }

    @Test
    void what_could_not_be_told_is_tried_again() {
        var audit = audit(AT, deployment("a", denied("r")));
        assertThat(findings.of(audit)).hasSize(1);
        assertThat(told(audit)).containsExactly("a r x1");
        assertThat(findings.of(audit)).isEmpty();
    }

    @Test
    void a_finding_that_is_back_is_told_again_after_ten_minutes() {
        told(audit(AT, deployment("a", denied("r"))));
        assertThat(told(audit(after(1), deployment("a")))).isEmpty();
        assertThat(told(audit(after(9), deployment("a", denied("r"))))).isEmpty();
        assertThat(told(audit(after(12), deployment("a", denied("r"))))).isEmpty();
        assertThat(told(audit(after(13), deployment("a")))).isEmpty();
        assertThat(told(audit(after(14), deployment("a", denied("r"))))).containsExactly("a r x2");
    }

    @Test
    void after_an_hour_it_is_a_new_one() {
        told(audit(AT, deployment("a", denied("r"))));
        told(audit(after(61)));
        assertThat(told(audit(after(62), deployment("a", denied("r"))))).containsExactly("a r x1");
    }

    @Test
    void what_was_not_seen_is_not_gone() {
        told(audit(AT, deployment("a", denied("r"))));
        assertThat(told(blind(after(20)))).isEmpty();
        assertThat(told(audit(after(40), deployment("a", denied("r"))))).isEmpty();
    }

    @Test
    void tells_nothing_of_what_is_excepted_only_counted_or_could_not_be_told() {
        var excepted =
                new Ruling(finding("a", RuleClass.BROKEN, Ground.SEEN), Action.WARN, "excepted until tomorrow", true);
        assertThat(told(audit(
                        AT,
                        deployment(
                                "a",
                                excepted,
                                ruling("b", RuleClass.BROKEN, Ground.SEEN, Action.AUDIT),
                                ruling("c", RuleClass.BROKEN, Ground.UNKNOWN, Action.DENY)))))
                .isEmpty();
    }

    private static Ruling[] rules(int count) {
        return IntStream.range(0, count).mapToObj(i -> denied("r" + i)).toArray(Ruling[]::new);
    }

    @Test
    void twenty_five_at_once_and_the_rest_together() {
        var told = told(audit(AT, deployment("a", rules(40)), deployment("b", denied("r"))));
        assertThat(told).hasSize(26).contains("a r23 x1", "b r x1");
        assertThat(told.get(24))
                .isEqualTo(
                        "a " + IntStream.range(24, 40).mapToObj(i -> "r" + i).collect(Collectors.joining("+")) + " x1");
        assertThat(told(audit(after(1), deployment("a", rules(41))))).isEmpty();
        assertThat(told(audit(after(5), deployment("a", rules(41))))).containsExactly("a r40 x1");
        assertThat(told(audit(after(6), deployment("a", rules(42))))).isEmpty();
        assertThat(told(audit(after(500), deployment("a", rules(60))))).hasSize(19);
    }
}
