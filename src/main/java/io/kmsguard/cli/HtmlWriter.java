// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes HTML in which text can never become markup, and has nothing invisible in it: a control or format character, which
 * could turn the direction of what is read, is written out as {@code \}{@code u{202e}}.
 */
final class HtmlWriter {

    /** Elements without content and end tag, of those that are used here. */
    private static final Set<String> VOID = Set.of("input", "meta");

    private final PrintWriter out;
    private final Deque<String> open = new ArrayDeque<>();

    /** Writes UTF-8, whatever the stream's own charset. */
    HtmlWriter(PrintStream out) {
        this.out = new PrintWriter(out, false, StandardCharsets.UTF_8);
    }

    /**
     * Starts an element.
     *
     * @param attributes names and values in turn; an empty value is a bare name
     */
    HtmlWriter open(String tag, String... attributes) {
        out.append('<').append(tag);
        for (var i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]);
            if (!attributes[i + 1].isEmpty()) {
                out.append("=\"");
                escape(attributes[i + 1]);
                out.append('"');
            }
        }
        out.append('>');
        if (!VOID.contains(tag)) {
            open.push(tag);
        }
        return this;
    }

    /** Ends the element that was started last. */
    HtmlWriter close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    HtmlWriter text(String text) {
        escape(text);
        return this;
    }

    /** An element with nothing but text in it. */
    HtmlWriter element(String tag, String text, String... attributes) {
        return open(tag, attributes).text(text).close();
    }

    /** Breaks the line, between elements where that shows nothing. */
    HtmlWriter line() {
        out.append('\n');
        return this;
    }

    /** Writes the project's own markup, style or script as it is; never a word from elsewhere. */
    HtmlWriter trusted(String markup) {
        out.append(markup);
        return this;
    }

    /** Ends the document. */
    void finish() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("not closed: " + open);
        }
        out.flush();
    }

    /** Most texts are plain, and go out in one piece. */
    private void escape(String text) {
        if (text.chars().allMatch(HtmlWriter::isPlain)) {
            out.append(text);
        } else {
            text.codePoints().forEach(this::escape);
        }
    }

    private static boolean isPlain(int unit) {
        return unit >= ' ' && unit <= '~' && unit != '&' && unit != '<' && unit != '>' && unit != '"';
    }

    private void escape(int point) {
        switch (point) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            default -> {
                if (isInvisible(point)) {
                    out.append("\\u{").append(Integer.toHexString(point)).append('}');
                } else if (point < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
                    out.append((char) point);
                } else {
                    out.append(Character.toString(point));
                }
            }
        }
    }

    private static boolean isInvisible(int point) {
        // Half a surrogate pair and noncharacters cannot be written in UTF-8, or not be read back.
        var type = Character.getType(point);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                || (point & 0xFFFE) == 0xFFFE
                || (point >= 0xFDD0 && point <= 0xFDEF);
    }
}
