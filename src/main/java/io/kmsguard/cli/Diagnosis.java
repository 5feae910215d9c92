// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

/**
 * What doctor says of one thing.
 *
 * @param check what was looked at, in a word or two
 * @param message one sentence
 * @param fix the way out, a sentence; empty where none is needed
 */
record Diagnosis(String check, Level level, String message, String fix) {

    /** How it is. */
    enum Level {
        OK("ok"),
        WARN("warn"),
        BAD("bad"),
        CANNOT_TELL("cannot tell");

        private final String text;

        Level(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    static Diagnosis ok(String check, String message) {
        return new Diagnosis(check, Level.OK, message, "");
    }

    static Diagnosis warn(String check, String message, String fix) {
        return new Diagnosis(check, Level.WARN, message, fix);
    }

    static Diagnosis bad(String check, String message, String fix) {
        return new Diagnosis(check, Level.BAD, message, fix);
    }

    /**
     * Nobody knows.
     *
     * @param why a clause
     */
    static Diagnosis cannotTell(String check, String why) {
        return new Diagnosis(
                check,
                Level.CANNOT_TELL,
                why + ".",
                "Run doctor with an account that may, such as an administrator's.");
    }
}
