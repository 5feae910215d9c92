// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

/** What came of writing to the cluster. */
public sealed interface Outcome {

    /** It is as it was to be. */
    record Done() implements Outcome {}

    /** Somebody else wrote first: read again. */
    record Overtaken() implements Outcome {}

    /**
     * It could not be done.
     *
     * @param why a clause without anything of what was to be written
     */
    record Trouble(String why) implements Outcome {}
}
