// SPDX-License-Identifier: Apache-2.0
/** Benchmarks: {@code ./mvnw -Pjmh test}; docs/performance.md has the figures. */
@NullMarked
package io.kmsguard.bench;

import org.jspecify.annotations.NullMarked;
