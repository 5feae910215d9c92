// SPDX-License-Identifier: Apache-2.0
/** The world as a live cluster shows it. */
@NullMarked
package io.kmsguard.cluster;

import org.jspecify.annotations.NullMarked;
