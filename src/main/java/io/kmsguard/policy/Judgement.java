// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import java.util.List;
import java.util.Locale;

/**
 * What the policy makes of an object.
 *
 * @param rulings what was found and what is done about it, in the order of the rules; those that are off are not there
 */
public record Judgement(List<Ruling> rulings) {

    /** Nothing found. */
    public static final Judgement CLEAN = new Judgement(List.of());

    /**
     * One finding and what is done about it.
     *
     * @param action any but {@link Action#OFF}
     * @param why why the action is a milder one than the rule's; empty where it is the rule's
     * @param excepted whether that is an exception of the policy
     */
    public record Ruling(Finding finding, Action action, String why, boolean excepted) {

        /** The same of another finding. */
        public Ruling of(Finding other) {
            return new Ruling(other, action, why, excepted);
        }

        /** One without an exception. */
        public Ruling(Finding finding, Action action, String why) {
            this(finding, action, why, false);
        }
    }

    /** The outcome as a whole. */
    public enum Decision {
        ALLOW,
        /** Allowed with warnings, all of what may be there without being seen. */
        UNSEEN,
        WARN,
        DENY;

        /** As it is written in reports. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Refused if one finding is; findings that are only audited decide nothing. */
    public Decision decision() {
        if (!with(Action.DENY).isEmpty()) {
            return Decision.DENY;
        }
        if (!with(Action.WARN).isEmpty()) {
            return Decision.WARN;
        }
        return with(Action.UNSEEN).isEmpty() ? Decision.ALLOW : Decision.UNSEEN;
    }

    /** The rulings with that action. */
    public List<Ruling> with(Action action) {
        return rulings.stream().filter(ruling -> ruling.action() == action).toList();
    }
}
