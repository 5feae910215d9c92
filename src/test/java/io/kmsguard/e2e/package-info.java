// SPDX-License-Identifier: Apache-2.0
/** The guard in a real control plane: API server, controllers, scheduler, Helm. */
@NullMarked
package io.kmsguard.e2e;

import org.jspecify.annotations.NullMarked;
