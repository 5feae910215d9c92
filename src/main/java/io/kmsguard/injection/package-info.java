// SPDX-License-Identifier: Apache-2.0
/** Pure completion: what only has to be there is added, and nothing that is there is touched. */
@NullMarked
package io.kmsguard.injection;

import org.jspecify.annotations.NullMarked;
