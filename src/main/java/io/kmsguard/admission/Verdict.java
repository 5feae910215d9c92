// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.injection.Completion;
import io.kmsguard.policy.Judgement;
import io.kmsguard.splice.GuardedObject;

/** What the guard says of a change. */
public sealed interface Verdict {

    /** It is none of the guard's business. */
    record Unguarded() implements Verdict {}

    /**
     * The object has not the shape of its kind.
     *
     * @param path where, as a JSON pointer
     * @param reason as a clause after the path
     */
    record Malformed(String path, String reason) implements Verdict {}

    /** It was judged. */
    record Validated(GuardedObject object, Judgement judgement) implements Verdict {}

    /** It was looked at for what it lacks. */
    record Completed(GuardedObject object, Completion completion) implements Verdict {}
}
