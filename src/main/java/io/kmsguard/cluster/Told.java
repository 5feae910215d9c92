// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

/**
 * What came of telling the cluster what an audit found.
 *
 * @param writes that were done
 * @param failures writes that were refused or not answered
 * @param trouble the first of them, or what kept any from being tried, a clause; empty where all is told
 */
public record Told(int writes, int failures, String trouble) {

    /** Nothing had to be told. */
    public static final Told NOTHING = new Told(0, 0, "");
}
