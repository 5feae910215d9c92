// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

/** The exit codes of every command. */
final class ExitCode {

    /** Nothing denied: warnings, an unseen companion and nothing to judge included. */
    static final int FINE = 0;

    /** Something is denied. */
    static final int DENIED = 1;

    /** Bad input or usage, or what cannot be asked; where something is denied as well, that comes first. */
    static final int TROUBLE = 2;

    private ExitCode() {}
}
