// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;

/**
 * A file that a configuration includes.
 *
 * @param what as a person would name it
 * @param path where it is in the container; empty where that cannot be determined, and for what is no file
 * @param digest of its content, which counts at that place; empty where it was not read
 */
record Include(String what, String path, Optional<String> digest) {}
