// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Judgement.Decision;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.splice.KmsDrivers;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyTest {

    private static final LocalDate TODAY = LocalDate.EPOCH;
    private static final RuleInfo BROKEN = new RuleInfo("a", RuleClass.BROKEN, "a summary");
    private static final Finding FINDING = Finding.seen(BROKEN, "key", "it is broken", "mend it", "/spec");
    private static final Subject SUBJECT =
            Subjects.creationOf(Workloads.participant()).subject();
    private static final Subject PARTIAL = new Subject(
            Operation.CREATE,
            SUBJECT.object(),
            Optional.empty(),
            true,
            SecretNames.DEFAULT,
            KmsDrivers.NONE,
            Facts.NONE);

    /** Finds these of every subject. */
    private static Rule rule(Finding... findings) {
        return new Rule() {
            @Override
            public RuleInfo info() {
                return BROKEN;
            }

            @Override
            public List<Finding> check(Subject subject) {
                return List.of(findings);
            }
        };
    }

    private static List<Ruling> rulings(Finding finding, Subject subject, Action... action) {
        var actions = action.length == 0 ? Map.<String, Action>of() : Map.of("a", action[0]);
        return new Policy(List.of(rule(finding)), actions, Action.DENY, List.of())
                .evaluate(subject, TODAY)
                .rulings();
    }

    @Test
    void denies_what_is_broken_or_irreversible_and_warns_of_the_rest() {
        assertThat(rulings(FINDING, SUBJECT)).containsExactly(new Ruling(FINDING, Action.DENY, ""));
        var lost = FINDING.as(RuleClass.IRREVERSIBLE);
        assertThat(rulings(lost, SUBJECT)).containsExactly(new Ruling(lost, Action.DENY, ""));
        var small = FINDING.as(RuleClass.ADVISABLE);
        assertThat(rulings(small, SUBJECT)).containsExactly(new Ruling(small, Action.WARN, ""));
    }

    @Test
    void does_what_the_operator_says_instead() {
        assertThat(rulings(FINDING, SUBJECT, Action.WARN)).containsExactly(new Ruling(FINDING, Action.WARN, ""));
        assertThat(rulings(FINDING, SUBJECT, Action.AUDIT)).containsExactly(new Ruling(FINDING, Action.AUDIT, ""));
        assertThat(rulings(FINDING, SUBJECT, Action.OFF)).isEmpty();
    }

    @Test
    void never_denies_a_notice() {
        var notice = FINDING.on(Ground.NOTICE);
        assertThat(rulings(notice, SUBJECT)).containsExactly(new Ruling(notice, Action.WARN, ""));
        assertThat(rulings(notice, SUBJECT, Action.AUDIT)).containsExactly(new Ruling(notice, Action.AUDIT, ""));
    }

    @Test
    void warns_of_what_may_only_not_have_been_seen() {
        var absent = FINDING.on(Ground.ABSENT);
        assertThat(rulings(absent, SUBJECT)).containsExactly(new Ruling(absent, Action.DENY, ""));
        assertThat(rulings(absent, PARTIAL))
                .containsExactly(new Ruling(absent, Action.UNSEEN, "it may be there without being seen here"));
        assertThat(rulings(absent, PARTIAL, Action.WARN))
                .containsExactly(new Ruling(absent, Action.UNSEEN, "it may be there without being seen here"));
        assertThat(rulings(absent, PARTIAL, Action.AUDIT)).containsExactly(new Ruling(absent, Action.AUDIT, ""));
        assertThat(Policy.of(List.of(rule(absent)))
                        .evaluate(PARTIAL, () -> Optional.of(PARTIAL), TODAY)
                        .decision())
                .isEqualTo(Decision.UNSEEN);
    }

    @Test
    void denies_what_cannot_be_told_unless_it_is_told_to_warn() {
        var unknown = FINDING.on(Ground.UNKNOWN);
        assertThat(rulings(unknown, PARTIAL)).containsExactly(new Ruling(unknown, Action.DENY, ""));
        assertThat(new Policy(List.of(rule(unknown)), Map.of(), Action.WARN, List.of())
                        .evaluate(SUBJECT, TODAY)
                        .rulings())
                .containsExactly(new Ruling(unknown, Action.WARN, ""));
    }

    @Test
    void warns_of_what_was_as_wrong_before_and_denies_what_is_worse() {
        var policy = Policy.of(List.of(rule(FINDING)));
        assertThat(policy.evaluate(SUBJECT, () -> Optional.of(SUBJECT), TODAY).rulings())
                .containsExactly(new Ruling(FINDING, Action.WARN, "it was so before this change"));
        var before = rule(FINDING);
        var other = Finding.seen(BROKEN, "other", "it is broken too", "mend it", "/spec");
        var now = new Rule() {
            @Override
            public RuleInfo info() {
                return BROKEN;
            }

            @Override
            public List<Finding> check(Subject subject) {
                return subject.partial() ? before.check(subject) : List.of(FINDING, other);
            }
        };
        assertThat(Policy.of(List.of(now))
                        .evaluate(SUBJECT, () -> Optional.of(PARTIAL), TODAY)
                        .rulings())
                .extracting(Ruling::action)
                .containsExactly(Action.WARN, Action.DENY);
    }

    @Test
    void decides_by_the_worst_ruling() {
        assertThat(Policy.of(List.of(rule())).evaluate(SUBJECT, TODAY)).isSameAs(Judgement.CLEAN);
        assertThat(Judgement.CLEAN.decision()).isEqualTo(Decision.ALLOW);
        assertThat(new Judgement(rulings(FINDING, SUBJECT, Action.AUDIT)).decision())
                .isEqualTo(Decision.ALLOW);
        assertThat(new Judgement(rulings(FINDING, SUBJECT, Action.WARN)).decision())
                .isEqualTo(Decision.WARN);
        assertThat(new Judgement(rulings(FINDING, SUBJECT)).decision()).isEqualTo(Decision.DENY);
        assertThat(Decision.DENY.id()).isEqualTo("deny");
    }

    @Test
    void names_are_those_of_the_policy_file_and_of_reports() {
        assertThat(Action.of("audit")).contains(Action.AUDIT);
        assertThat(Action.of("AUDIT")).isEmpty();
        assertThat(RuleClass.IRREVERSIBLE.id()).isEqualTo("irreversible");
        assertThat(BROKEN.page()).isEqualTo("docs/rules/a.md");
    }

    @Test
    void a_lookup_that_follows_from_another_keeps_its_doubt() {
        assertThat(Lookup.found(1).map(one -> one + 1)).isEqualTo(Lookup.found(2));
        assertThat(Lookup.<Integer>absent().map(one -> one + 1)).isEqualTo(Lookup.absent());
        assertThat(Lookup.<Integer>unknown("why").map(one -> one + 1)).isEqualTo(Lookup.unknown("why"));
        assertThat(Lookup.found(1).then(one -> Lookup.unknown("why"))).isEqualTo(Lookup.unknown("why"));
        assertThat(Lookup.absent().toOptional()).isEmpty();
    }
}
