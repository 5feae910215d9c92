// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.List;

/**
 * Why a review is refused.
 *
 * @param message what an operator reads, one line
 * @param causes the same for machines, one for each finding, the worst first, as far as there is room
 */
record Denial(String message, List<Cause> causes) {

    /**
     * One finding.
     *
     * @param field where in the object, as a JSON pointer
     */
    record Cause(String rule, String message, String field) {}
}
