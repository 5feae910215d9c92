// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

/** Words of manifests and clusters on their way to a terminal, which obeys some characters instead of showing them. */
final class Printable {

    private static final int REPLACEMENT = 0xFFFD;

    private Printable() {}

    /** The text, with U+FFFD in the place of what moves the cursor, colours, reorders or breaks the line. */
    static String of(String text) {
        return text.codePoints()
                .map(point -> isShown(point) ? point : REPLACEMENT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isShown(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
