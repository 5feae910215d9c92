// SPDX-License-Identifier: Apache-2.0
/** The rules, one file each; {@link io.kmsguard.policy.rule.Rules} lists them. */
@NullMarked
package io.kmsguard.policy.rule;

import org.jspecify.annotations.NullMarked;
