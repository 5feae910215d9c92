// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import java.util.List;

/** One injection: a pure function from a container under review to what it lacks. It keeps no state. */
public interface Injection {

    /** Its name in reports. */
    String id();

    /** Whether it changes what a configuration says, which only an operator who asks for it gets. */
    default boolean onRequest() {
        return false;
    }

    /**
     * What the container lacks.
     *
     * @param container one of the subject's
     */
    Proposal propose(Subject subject, Container container);

    /**
     * What an injection has to say of a container.
     *
     * @param additions what is added; empty where nothing is missing
     * @param notes what an operator should read: the values that make the injection unnecessary, or what stood in its
     *     way; without a period
     */
    record Proposal(List<Addition> additions, List<String> notes) {

        /** Nothing to do. */
        public static final Proposal NONE = new Proposal(List.of(), List.of());

        /** Nothing is added, and that is why. */
        static Proposal refrain(String note) {
            return new Proposal(List.of(), List.of(note));
        }
    }
}
