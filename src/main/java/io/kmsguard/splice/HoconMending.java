// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Guesses what was meant by a text that Canton cannot read: each value that stands bare on its line is one string. */
final class HoconMending {

    private static final Pattern BARE =
            Pattern.compile("(?m)^([ \\t]*[\\w.\"-]++[ \\t]*[=:][ \\t]*)([^\\s{\\[\"$#][^\\r\\n]*)$");

    private HoconMending() {}

    static String mended(String text) {
        return BARE.matcher(text).replaceAll(HoconMending::quoted);
    }

    private static String quoted(MatchResult line) {
        var bare = line.group(2).stripTrailing();
        var comma = bare.endsWith(",");
        bare = comma ? bare.substring(0, bare.length() - 1).stripTrailing() : bare;
        var value = bare.replace("\\", "\\\\").replace("\"", "\\\"");
        return Matcher.quoteReplacement(line.group(1) + '"' + value + '"' + (comma ? "," : ""));
    }
}
