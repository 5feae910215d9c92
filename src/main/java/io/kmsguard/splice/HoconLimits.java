// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A look at HOCON text before it is parsed. The parser overflows its stack on deep nesting, is quadratic on {@code +=}
 * and exponential on substitutions, so text beyond what any deployment needs is not given to it.
 *
 * @param tooLarge why the text is not judged, if so
 * @param optionalNames the names in <code>${?NAME}</code>, comments included
 * @param names the name in each substitution, comments included, as often as it occurs
 */
record HoconLimits(Optional<String> tooLarge, Set<String> optionalNames, List<String> names) {

    static final int MAX_CHARACTERS = 65_536;
    private static final int MAX_DEPTH = 60;
    private static final int MAX_SUBSTITUTIONS = 200;
    private static final int MAX_APPENDS = 50;
    private static final int MAX_PATH_DOTS = 4_000;

    static HoconLimits scan(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return refused("it has " + text.length() + " characters, more than " + MAX_CHARACTERS);
        }
        var optional = new LinkedHashSet<String>();
        var all = new ArrayList<String>();
        var depth = 0;
        var substitutions = 0;
        var appends = 0;
        var dots = 0;
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            } else if (c == '.') {
                dots++;
            } else if (c == '+' && text.startsWith("+=", i)) {
                appends++;
            } else if (c == '$' && text.startsWith("${", i)) {
                substitutions++;
                collect(text, i + 2, optional, all);
            }
            if (depth > MAX_DEPTH) {
                return refused("it is nested deeper than " + MAX_DEPTH + " levels");
            }
        }
        if (substitutions > MAX_SUBSTITUTIONS || appends > MAX_APPENDS || dots > MAX_PATH_DOTS) {
            return refused("it has too many substitutions, appends or path elements");
        }
        return new HoconLimits(Optional.empty(), optional, all);
    }

    private static void collect(String text, int start, Set<String> optional, List<String> all) {
        var end = text.indexOf('}', start);
        if (end < 0) {
            return;
        }
        var name = text.substring(start, end).strip();
        if (name.startsWith("?")) {
            name = name.substring(1).strip();
            optional.add(name);
        }
        all.add(name);
    }

    private static HoconLimits refused(String why) {
        return new HoconLimits(Optional.of(why), Set.of(), List.of());
    }
}
