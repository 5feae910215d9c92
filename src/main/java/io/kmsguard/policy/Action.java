// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import java.util.Locale;
import java.util.Optional;

/** What is done about a finding; the policy file gives one for each rule. */
public enum Action {
    /** The review is refused. */
    DENY,
    /** The review passes, and the API server shows a warning to whoever sent it. */
    WARN,
    /**
     * Like {@link #WARN}, of something that may be there without being seen: in a dry run, or over files. The guard's own
     * word, which no policy file gives.
     */
    UNSEEN,
    /** Only counted and reported. */
    AUDIT,
    /** The rule is not run. */
    OFF;

    /** As it is written in the policy file and in reports. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The action of that id, if there is one. */
    public static Optional<Action> of(String id) {
        for (var action : values()) {
            if (action.id().equals(id)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }
}
