// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

/**
 * Something in the configuration that Canton refuses or misreads.
 *
 * @param key where, as a path in Canton's configuration or the name of an env var; also tells two problems apart
 * @param text what is wrong, as a clause after the key: {@code is missing}
 * @param remedy what to do, one line
 * @param doubtful whether the Canton of that release may know better than this guard
 */
public record ConfigProblem(String key, String text, String remedy, boolean doubtful) {

    /** A problem that is beyond doubt. */
    public ConfigProblem(String key, String text, String remedy) {
        this(key, text, remedy, false);
    }
}
