// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.kmsguard;

import org.jspecify.annotations.NullMarked;
