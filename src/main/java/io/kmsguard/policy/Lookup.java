// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import java.util.Optional;
import java.util.function.Function;

/**
 * What came of looking something up. That it is not there and that nobody could tell are different answers: a rule that
 * treats the second as the first lets an outage switch it off.
 *
 * @param <T> what was looked for
 */
public sealed interface Lookup<T> {

    /** It is there. */
    record Found<T>(T value) implements Lookup<T> {}

    /** It was asked for and is not there. */
    record Absent<T>() implements Lookup<T> {}

    /**
     * It could not be told.
     *
     * @param why what could not be read and the reason, as a clause that ends a sentence and names no secret value
     * @param yet whether nothing is wrong: somebody else is about to make it
     */
    record Unknown<T>(String why, boolean yet) implements Lookup<T> {}

    static <T> Lookup<T> found(T value) {
        return new Found<>(value);
    }

    static <T> Lookup<T> absent() {
        return new Absent<>();
    }

    static <T> Lookup<T> unknown(String why) {
        return new Unknown<>(why, false);
    }

    /**
     * It cannot be told yet, since somebody else is about to make it.
     *
     * @param why who makes it, as a clause
     */
    static <T> Lookup<T> notYet(String why) {
        return new Unknown<>(why, true);
    }

    /** The value where it was found. */
    default Optional<T> toOptional() {
        return this instanceof Found<T> found ? Optional.of(found.value) : Optional.empty();
    }

    /** The same answer about something that follows from the value. */
    default <R> Lookup<R> map(Function<? super T, ? extends R> function) {
        return then(value -> found(function.apply(value)));
    }

    /** The answer of a second lookup that needs the value of this one. */
    default <R> Lookup<R> then(Function<? super T, Lookup<R>> function) {
        if (this instanceof Found<T> found) {
            return function.apply(found.value);
        }
        return this instanceof Unknown<T> unknown ? new Unknown<>(unknown.why, unknown.yet) : absent();
    }
}
