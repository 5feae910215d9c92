// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

/**
 * One environment variable of a container as it will be there at run time: {@code $(VAR)} is expanded.
 *
 * @param name its name
 * @param value what is known of its value
 * @param path where it stands in the object, as a JSON pointer
 */
public record EnvVar(String name, EnvValue value, String path) {

    /** Whether its value is a reference that the bank-vaults webhook resolves in the pod ({@code vault:path#field}). */
    public boolean isVaultReference() {
        return value instanceof EnvValue.Literal literal && literal.value().startsWith(KeyText.VAULT);
    }

    /** Whether the shell of the image sees it: {@code ${!ADDITIONAL_CONFIG@}} lists shell identifiers only. */
    public boolean isShellIdentifier() {
        for (var i = 0; i < name.length(); i++) {
            var c = name.charAt(i);
            var letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
            if (!letter && (i == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
