// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

/** Text that XML 1.0 can hold: it has no form, not even an escaped one, for most control characters. */
final class XmlText {

    private static final int REPLACEMENT = 0xFFFD;

    private XmlText() {}

    /** The text, with U+FFFD in the place of what XML 1.0 forbids (https://www.w3.org/TR/xml/#charsets). */
    static String of(String text) {
        return text.codePoints()
                .map(point -> isAllowed(point) ? point : REPLACEMENT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isAllowed(int point) {
        return point == '\t'
                || point == '\n'
                || point == '\r'
                || (point >= 0x20 && point <= 0xD7FF)
                || (point >= 0xE000 && point <= 0xFFFD)
                || point >= 0x10000;
    }
}
