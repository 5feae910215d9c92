// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.splice.ObjectRef;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordingTest {

    private static final ObjectRef REF = new ObjectRef("Deployment", "sv", "participant");

    private static Finding finding(String rule, RuleClass ruleClass, String message, String fix) {
        return Finding.seen(new RuleInfo(rule, ruleClass, "a summary"), rule, message, fix, "/spec");
    }

    private static Judgement denied(Finding... findings) {
        return judged(Action.DENY, findings);
    }

    private static Judgement judged(Action action, Finding... findings) {
        return new Judgement(List.of(findings).stream()
                .map(finding -> new Ruling(finding, action, ""))
                .toList());
    }

    @Test
    void a_denial_says_what_is_wrong_the_way_out_and_the_page() {
        var denial = Wording.denial(REF, denied(finding("r", RuleClass.BROKEN, "it is broken", "run cmd -f -")));
        assertThat(denial)
                .isEqualTo(new Denial(
                        "Deployment sv/participant: it is broken. Fix: run cmd -f - [more: kms-guard explain r]",
                        List.of(new Denial.Cause("r", "it is broken", "/spec"))));
    }

    @Test
    void a_denial_names_the_worst_first_and_then_the_others() {
        var denial = Wording.denial(
                REF,
                denied(
                        finding("a", RuleClass.BROKEN, "it is broken", "mend it"),
                        finding("b", RuleClass.IRREVERSIBLE, "it is lost", "leave it")));
        assertThat(denial.message())
                .isEqualTo("Deployment sv/participant: it is lost. Fix: leave it [more: kms-guard explain b]"
                        + " Also a: it is broken. Fix: mend it");
        assertThat(denial.causes()).extracting(Denial.Cause::rule).containsExactly("b", "a");
    }

    @Test
    void a_denial_leaves_out_ways_out_and_then_counts_what_does_not_fit() {
        var long_ = "x".repeat(300);
        var denial = Wording.denial(
                REF,
                denied(
                        finding("a", RuleClass.BROKEN, long_, "mend it"),
                        finding("b", RuleClass.BROKEN, long_, "y".repeat(600)),
                        finding("c", RuleClass.BROKEN, long_, "mend it"),
                        finding("d", RuleClass.BROKEN, "short", "mend it")));
        assertThat(denial.message())
                .isEqualTo("Deployment sv/participant: " + long_ + ". Fix: mend it [more: kms-guard explain a] Also b: "
                        + long_ + ". And 2 more: see kms-guard check.")
                .hasSizeLessThanOrEqualTo(1_000);
        assertThat(denial.causes()).hasSize(4);
    }

    @Test
    void a_denial_has_at_most_1000_characters() {
        var huge = finding("a", RuleClass.BROKEN, "x".repeat(2_000), "mend it");
        assertThat(Wording.denial(REF, denied(huge)).message()).hasSize(1_000).endsWith("x…");
        var many = Collections.nCopies(50, huge).toArray(Finding[]::new);
        assertThat(Wording.denial(REF, denied(many)).message())
                .hasSizeLessThanOrEqualTo(1_000)
                .endsWith("x… And 49 more: see kms-guard check.");
    }

    @Test
    void what_comes_from_a_manifest_stays_on_one_line() {
        var finding = finding("a", RuleClass.BROKEN, "one\r\n\ttwo\u001b[31m", "three\u2028four");
        assertThat(Wording.denial(REF, denied(finding)).message())
                .isEqualTo("Deployment sv/participant: one two [31m. Fix: three four [more: kms-guard explain a]");
    }

    @Test
    void a_warning_says_where_it_comes_from_and_why_it_is_none_more() {
        var ruling = new Ruling(
                finding("r", RuleClass.BROKEN, "it is broken", "mend it"), Action.WARN, "it was so before this change");
        assertThat(Wording.warnings(new Judgement(List.of(ruling)), List.of("injected env A")))
                .containsExactly(
                        "kms-guard r: it is broken (it was so before this change). Fix: mend it",
                        "kms-guard: injected env A");
    }

    @Test
    void a_warning_that_is_too_long_names_the_page_instead_of_the_way_out() {
        var one = judged(Action.WARN, finding("r", RuleClass.BROKEN, "it is broken", "y".repeat(250)));
        assertThat(Wording.warnings(one, List.of()))
                .containsExactly("kms-guard r: it is broken [more: kms-guard explain r]");
        var other = judged(Action.WARN, finding("r", RuleClass.BROKEN, "x".repeat(300), "mend it"));
        assertThat(Wording.warnings(other, List.of("n".repeat(300))))
                .satisfiesExactly(
                        text -> assertThat(text).hasSize(256).endsWith("x… [more: kms-guard explain r]"),
                        note -> assertThat(note).hasSize(256).endsWith("n…"));
    }

    @Test
    void all_warnings_together_have_at_most_4096_characters() {
        var notes = IntStream.range(0, 40).mapToObj(i -> i + "n".repeat(200)).toList();
        var warnings = Wording.warnings(Judgement.CLEAN, notes);
        assertThat(String.join("", warnings)).hasSizeLessThanOrEqualTo(4_096);
        assertThat(warnings).last().isEqualTo("kms-guard: 21 more: see kms-guard check");
        assertThat(warnings).hasSize(20);
    }

    @Test
    void what_is_audited_is_not_shown() {
        var audited = judged(Action.AUDIT, finding("r", RuleClass.BROKEN, "it is broken", "mend it"));
        assertThat(Wording.warnings(audited, List.of())).isEmpty();
    }
}
