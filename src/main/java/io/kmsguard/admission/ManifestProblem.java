// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

/**
 * Why a file, or one document of it, cannot be judged.
 *
 * @param file as the operator named it; {@code -} for standard input
 * @param line counted from 1; 0 for the file as a whole
 * @param message one sentence without a period that quotes no value
 */
public record ManifestProblem(String file, int line, String message) {}
