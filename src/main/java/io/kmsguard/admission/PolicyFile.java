// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.injection.Injection;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Policy;
import io.kmsguard.policy.PolicyException;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.KmsDrivers;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the guard's own policy file says (kind {@code GuardPolicy} of {@code kms-guard.io/v1}).
 *
 * @param actions the action by rule id, of the rules that it names
 * @param onUnknown what a rule that denies does where it cannot tell: {@link Action#DENY} or {@link Action#WARN}
 * @param injection what is injected
 * @param secrets which Secrets hold what
 * @param drivers which settings of a KMS driver decide where its keys are
 * @param exceptions the exceptions, expired ones too
 * @param audit what the leader of an installation audits and tells
 */
public record PolicyFile(
        Map<String, Action> actions,
        Action onUnknown,
        InjectionSettings injection,
        SecretNames secrets,
        KmsDrivers drivers,
        List<PolicyException> exceptions,
        AuditSettings audit) {

    /** What holds where there is no file. */
    public static final PolicyFile DEFAULT = new PolicyFile(
            Map.of(),
            Action.DENY,
            InjectionSettings.DEFAULT,
            SecretNames.DEFAULT,
            KmsDrivers.NONE,
            List.of(),
            AuditSettings.DEFAULT);

    /**
     * What is injected.
     *
     * @param credentials whether the credentials of the KMS and the governance env that a configuration reads are
     *     injected; where not, what is missing is refused
     * @param governanceKey whether an SV on a KMS participant that was given no governance key gets one from its Secret;
     *     where not, it is refused
     */
    public record InjectionSettings(boolean credentials, boolean governanceKey) {

        /** What the configuration asks for is added, and the configuration itself is left alone. */
        public static final InjectionSettings DEFAULT = new InjectionSettings(true, false);

        private boolean wants(Injection injection) {
            return injection.onRequest() ? governanceKey : credentials;
        }
    }

    /**
     * The audit of the cluster that a guard is installed in.
     *
     * @param interval between two rounds; empty where there are none
     * @param reports whether what is found is written into reports in the cluster
     * @param events whether Events tell of new findings
     */
    public record AuditSettings(Optional<Duration> interval, boolean reports, boolean events) {

        /** Every ten minutes, told in every way. */
        public static final AuditSettings DEFAULT = new AuditSettings(Optional.of(Duration.ofMinutes(10)), true, true);

        /** A round asks for all workloads of the cluster: more often is a load and no news. */
        public static final Duration SHORTEST = Duration.ofSeconds(30);
    }

    /** What came of reading a file. */
    public sealed interface Reading {
        /** It can be used. */
        record Read(PolicyFile file) implements Reading {}

        /**
         * It cannot, and nothing of it is.
         *
         * @param problems everything that is wrong, in the order of the file
         */
        record Refused(List<Problem> problems) implements Reading {}
    }

    /**
     * Something wrong in a policy file.
     *
     * @param line counted from 1
     * @param message what is wrong and what would be right
     */
    public record Problem(int line, String message) {
        @Override
        public String toString() {
            return "line " + line + ": " + message;
        }
    }

    /**
     * The exceptions that do nothing any more.
     *
     * @param today the day (UTC)
     */
    public List<PolicyException> expired(LocalDate today) {
        return exceptions.stream()
                .filter(exception -> exception.isExpired(today))
                .toList();
    }

    /** Judges by those rules, and completes by those injections, as far as the file wants them. */
    public Judge judge(List<Rule> rules, List<Injection> injections) {
        return judge(rules, injections, Clock.systemUTC());
    }

    /**
     * The same with a clock of the caller's.
     *
     * @param clock tells the day, for exceptions that end
     */
    public Judge judge(List<Rule> rules, List<Injection> injections, Clock clock) {
        return new Judge(
                new Policy(rules, actions, onUnknown, exceptions),
                injections.stream().filter(injection::wants).toList(),
                secrets,
                drivers,
                clock);
    }
}
