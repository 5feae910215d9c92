// SPDX-License-Identifier: Apache-2.0
/**
 * What a Splice manifest says: workloads, containers, their environment and the HOCON that Canton reads from it, KMS
 * configuration, governance keys. Nothing here judges.
 */
@NullMarked
package io.kmsguard.splice;

import org.jspecify.annotations.NullMarked;
