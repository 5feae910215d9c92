// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.admission.AuditReport.Gap;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Finding.Ground;
import io.kmsguard.policy.Judgement;
import io.kmsguard.policy.Judgement.Ruling;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.splice.ObjectRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Audits as a test wants them. */
public final class AuditedObjects {

    public static final Instant AT = Instant.parse("2026-11-25T10:00:00.000000007Z");

    private AuditedObjects() {}

    /** A finding of a rule that is as bad as its class. */
    public static Ruling ruling(String rule, RuleClass ruleClass, Ground ground, Action action) {
        return new Ruling(finding(rule, ruleClass, ground), action, "");
    }

    public static Finding finding(String rule, RuleClass ruleClass, Ground ground) {
        return Finding.seen(
                        new RuleInfo(rule, ruleClass, rule),
                        "key of " + rule,
                        "container x: " + rule + " is wrong",
                        "mend " + rule,
                        "/spec/x")
                .on(ground);
    }

    /** One that refuses. */
    public static Ruling denied(String rule) {
        return ruling(rule, RuleClass.BROKEN, Ground.SEEN, Action.DENY);
    }

    /** One that warns. */
    public static Ruling warned(String rule) {
        return ruling(rule, RuleClass.ADVISABLE, Ground.SEEN, Action.WARN);
    }

    /** Deployment sv/NAME with the uid uid-NAME. */
    public static AuditedObject deployment(String name, Ruling... rulings) {
        return object(new ObjectRef("Deployment", "sv", name), "uid-" + name, rulings);
    }

    public static AuditedObject object(ObjectRef ref, String uid, Ruling... rulings) {
        return new AuditedObject(
                ref, uid, List.of(), Optional.empty(), new Judgement(List.of(rulings)), Optional.empty());
    }

    /** All that was seen, at that time. */
    public static AuditReport audit(Instant at, AuditedObject... objects) {
        return new AuditReport(at, "a test", List.of(), List.of(objects), List.of(), List.of());
    }

    /** The same with something that could not be looked at. */
    public static AuditReport blind(Instant at, AuditedObject... objects) {
        return new AuditReport(
                at,
                "a test",
                List.of(),
                List.of(objects),
                List.of(new Gap("deployments of namespace b", "they are forbidden")),
                List.of());
    }
}
