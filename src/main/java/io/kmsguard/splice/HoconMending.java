// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Guesses what was meant by a text that Canton cannot read: each value that stands bare on its line is one string. */
final class HoconMending {

    private static final Pattern BARE =
            Pattern.compile("(?m)^([ \\t]*[\\w.\"-]++[ \\t]*[=:][ \\t]*)([^\\s{\\[\"$#][^\\r\\n]*)$");

    /** A comment as people set it off; without a blank before it, it is part of a URL more likely. */
    private static final Pattern COMMENT = Pattern.compile("\\s(#|//)");

    private HoconMending() {}

    static String mended(String text) {
        return BARE.matcher(text).replaceAll(HoconMending::quoted);
    }

    private static String quoted(MatchResult line) {
        var rest = line.group(2);
        if (rest.contains("${") || rest.indexOf('"') >= 0) {
            return Matcher.quoteReplacement(line.group());
        }
        var comment = COMMENT.matcher(rest);
        var bare = (comment.find() ? rest.substring(0, comment.start()) : rest).stripTrailing();
        var comma = bare.endsWith(",");
        bare = comma ? bare.substring(0, bare.length() - 1).stripTrailing() : bare;
        var value = bare.replace("\\", "\\\\");
        return Matcher.quoteReplacement(line.group(1) + '"' + value + '"' + (comma ? "," : ""));
    }
}
