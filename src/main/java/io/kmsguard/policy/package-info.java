// SPDX-License-Identifier: Apache-2.0
/** Pure judgement: rules, what they find, and the policy that weighs it. No I/O, no clock, no logger. */
@NullMarked
package io.kmsguard.policy;

import org.jspecify.annotations.NullMarked;
