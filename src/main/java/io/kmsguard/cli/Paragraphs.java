// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * Prose for people.
 *
 * @param width the column that no line passes where its words allow it
 */
record Paragraphs(PrintStream out, int width) {

    /** Prints one, its lines aligned under the first. */
    void print(String indent, String text) {
        var line = new StringBuilder(indent);
        for (var word : List.of(text.split(" "))) {
            var empty = line.length() == indent.length();
            if (!empty && line.length() + 1 + word.length() > width) {
                out.println(line);
                line = new StringBuilder(" ".repeat(indent.length()));
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
        }
        out.println(line);
    }
}
