// SPDX-License-Identifier: Apache-2.0

/**
 * The objects by which controllers make Secrets: which Secret one makes, and which keys it will have. One class for each kind, listed
 * in {@link io.kmsguard.maker.SecretMakers}.
 */
@NullMarked
package io.kmsguard.maker;

import org.jspecify.annotations.NullMarked;
