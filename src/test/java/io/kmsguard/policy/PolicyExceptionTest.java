// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.rule.Rules;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyExceptionTest {

    private static final LocalDate LAST = LocalDate.of(2027, 1, 31);

    /** A participant with a KMS block that Canton does not use: {@code kms-mode}, a broken rule. */
    private static final Subject SUBJECT = Subjects.creationOf(Workloads.participant()
                    .withEnv(
                            "ADDITIONAL_CONFIG_KMS",
                            "canton.participants.participant.crypto.kms { " + Workloads.gcp("r") + " }"))
            .subject();

    private static List<String> judged(LocalDate today, PolicyException... exceptions) {
        var policy = new Policy(Rules.all(), Map.of(), Action.DENY, List.of(exceptions));
        return shown(policy.evaluate(SUBJECT, today));
    }

    private static List<String> shown(Judgement judgement) {
        return judgement.rulings().stream()
                .map(ruling ->
                        ruling.action().id() + " " + ruling.finding().rule().id() + " (" + ruling.why() + ")")
                .toList();
    }

    private static PolicyException exception(String rule, String namespace, Optional<String> name) {
        return new PolicyException(rule, namespace, name, "jane", "ticket 42", LAST);
    }

    private static final PolicyException ONE = exception("kms-mode", "sv", Optional.of("participant"));
    private static final String REFUSED = "deny kms-mode ()";
    private static final String EXCEPTED = "warn kms-mode (excepted until 2027-01-31 by jane: ticket 42)";
    private static final String ENDED = "deny kms-mode (the exception of jane ended on 2027-01-31)";

    @Test
    void an_exception_holds_until_the_end_of_its_last_day() {
        assertThat(judged(LAST)).containsExactly(REFUSED);
        assertThat(judged(LAST.minusYears(1), ONE)).containsExactly(EXCEPTED);
        assertThat(judged(LAST, ONE)).containsExactly(EXCEPTED);
        assertThat(judged(LAST.plusDays(1), ONE)).containsExactly(ENDED);
    }

    @Test
    void one_that_holds_counts_beside_one_that_ended() {
        var longer = new PolicyException("kms-mode", "sv", Optional.empty(), "joe", "ticket 43", LAST.plusDays(9));
        assertThat(judged(LAST.plusDays(1), ONE, longer))
                .containsExactly("warn kms-mode (excepted until 2027-02-09 by joe: ticket 43)");
    }

    @Test
    void an_exception_is_for_its_own_rule_and_object_only() {
        assertThat(judged(
                        LAST,
                        exception("kms-config", "sv", Optional.of("participant")),
                        exception("kms-mode", "other", Optional.of("participant")),
                        exception("kms-mode", "sv", Optional.of("participant-1"))))
                .containsExactly(REFUSED);
    }

    @Test
    void an_exception_without_a_name_is_for_the_whole_namespace() {
        assertThat(judged(LAST, exception("kms-mode", "sv", Optional.empty()))).containsExactly(EXCEPTED);
        assertThat(judged(LAST, exception("kms-mode", "other", Optional.empty())))
                .containsExactly(REFUSED);
    }

    @Test
    void the_action_of_the_operator_comes_before_that_of_the_rule() {
        for (var action : List.of(Action.WARN, Action.AUDIT)) {
            var policy = new Policy(Rules.all(), Map.of("kms-mode", action), Action.DENY, List.of(ONE));
            assertThat(shown(policy.evaluate(SUBJECT, LAST))).containsExactly(action.id() + " kms-mode ()");
        }
        var off = new Policy(Rules.all(), Map.of("kms-mode", Action.OFF), Action.DENY, List.of());
        assertThat(off.evaluate(SUBJECT, LAST)).isEqualTo(Judgement.CLEAN);
    }

    @Test
    void what_cannot_be_told_is_what_the_operator_says() {
        var subject = Subjects.creationOf(Workloads.keyedSvApp())
                .withSecret(Workloads.SECRET, Lookup.unknown("it is forbidden"))
                .subject();
        for (var onUnknown : List.of(Action.DENY, Action.WARN)) {
            var policy = new Policy(Rules.all(), Map.of(), onUnknown, List.of());
            assertThat(shown(policy.evaluate(subject, LAST)))
                    .containsExactly(onUnknown.id() + " governance-key-secret ()");
        }
    }
}
