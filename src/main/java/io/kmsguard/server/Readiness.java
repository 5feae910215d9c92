// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must hold before reviews may come here: conditions by name, each asked anew whenever somebody wants to know. Safe for
 * use by many threads.
 */
public final class Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

    private final ConcurrentMap<String, Condition> conditions = new ConcurrentHashMap<>();

    /** Something that must hold. It answers at once, from memory. */
    @FunctionalInterface
    public interface Condition {
        State state();
    }

    /**
     * A condition's state.
     *
     * @param ready whether it holds
     * @param detail why not, or what an operator should know although it does; may be empty; no secret's value
     */
    public record State(boolean ready, String detail) {

        public static State ok() {
            return new State(true, "");
        }

        /** It holds, but an operator should know something. */
        public static State ok(String detail) {
            return new State(true, detail);
        }

        public static State not(String reason) {
            return new State(false, reason);
        }
    }

    /** Adds a condition, in the place of one of the same name. */
    public void require(String name, Condition condition) {
        conditions.put(name, condition);
    }

    /** All conditions by name, in the names' order. One that throws does not hold. */
    public Map<String, State> states() {
        var states = new LinkedHashMap<String, State>();
        conditions.keySet().stream().sorted().forEach(name -> states.put(name, state(name)));
        return states;
    }

    /** Whether all conditions hold. */
    public boolean isReady() {
        return states().values().stream().allMatch(State::ready);
    }

    /** Whether the condition of that name holds. */
    boolean holds(String name) {
        return state(name).ready();
    }

    private State state(String name) {
        try {
            var condition = conditions.get(name);
            return condition == null ? State.ok() : condition.state();
        } catch (RuntimeException bug) {
            LOG.atError().setCause(bug).addKeyValue("condition", name).log("a readiness condition failed");
            return State.not("could not be told; see the log");
        }
    }
}
