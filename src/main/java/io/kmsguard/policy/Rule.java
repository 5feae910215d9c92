// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import java.util.List;

/**
 * One rule: a pure function from a subject to findings. It keeps no state, looks nothing up, and reports only on the
 * object under review.
 */
public interface Rule {

    /** What is known of it without running it. */
    RuleInfo info();

    /** What is wrong with the object; empty where nothing is. The order is that of the object. */
    List<Finding> check(Subject subject);
}
