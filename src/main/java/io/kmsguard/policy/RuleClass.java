// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import java.util.Locale;

/** How bad it is when nobody stops it. */
public enum RuleClass {
    /** It can never be undone: an identity or a secret is lost. */
    IRREVERSIBLE,
    /** The node would not start, or not work; undoing the change mends it. */
    BROKEN,
    /** It works, and there is a better way. */
    ADVISABLE;

    /** As it is written in reports. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is done where the policy file says nothing. */
    public Action defaultAction() {
        return this == ADVISABLE ? Action.WARN : Action.DENY;
    }
}
