// SPDX-License-Identifier: Apache-2.0
/** The command line: commands, wiring and reports. */
@NullMarked
package io.kmsguard.cli;

import org.jspecify.annotations.NullMarked;
