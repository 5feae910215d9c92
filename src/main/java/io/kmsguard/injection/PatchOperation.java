// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

/**
 * One operation of a JSON patch (RFC 6902). Adding is the only kind there is.
 *
 * @param path where, as a JSON pointer; with {@code -} as its last part for the end of a list
 * @param value what: a String, Boolean, Number, or a List or Map of such
 */
public record PatchOperation(String path, Object value) {}
