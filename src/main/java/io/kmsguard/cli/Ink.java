// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

/** Colours on a terminal. */
enum Ink {
    RED("31;1"),
    YELLOW("33;1"),
    GREEN("32"),
    BOLD("1"),
    DIM("2");

    private final String code;

    Ink(String code) {
        this.code = code;
    }

    String paint(boolean colour, String text) {
        return colour ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
    }
}
