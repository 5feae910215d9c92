// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A look at HOCON text before it is parsed. The parser overflows its stack on deep nesting, is quadratic on {@code +=}
 * and exponential on substitutions, so text beyond what any deployment needs is not given to it. Comments and strings
 * count as well: that is the safe side, and real texts are far below the limits.
 *
 * @param tooLarge why the text is not judged, if so
 * @param optionalNames the names in <code>${?NAME}</code>
 * @param names the name in each substitution, as often as it occurs
 */
record HoconLimits(Optional<String> tooLarge, Set<String> optionalNames, List<String> names) {

    static final int MAX_CHARACTERS = 65_536;
    static final int MAX_DEPTH = 60;
    static final int MAX_SUBSTITUTIONS = 200;
    static final int MAX_APPENDS = 50;
    static final int MAX_DOTS = 4_000;

    static HoconLimits scan(String text) {
        if (text.length() > MAX_CHARACTERS) {
            return refused("it has " + text.length() + " characters, more than " + MAX_CHARACTERS);
        }
        var optional = new LinkedHashSet<String>();
        var all = new ArrayList<String>();
        var depth = 0;
        var appends = 0;
        var dots = 0;
        for (var i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '{', '[' -> depth++;
                // Closing more than was opened must not make room for more depth later.
                case '}', ']' -> depth = Math.max(0, depth - 1);
                case '.' -> dots++;
                case '+' -> appends += text.startsWith("+=", i) ? 1 : 0;
                case '$' -> collect(text, i, optional, all);
                default -> {}
            }
            if (depth > MAX_DEPTH) {
                return refused("it is nested deeper than " + MAX_DEPTH + " levels");
            }
        }
        if (all.size() > MAX_SUBSTITUTIONS || appends > MAX_APPENDS || dots > MAX_DOTS) {
            return refused("it has too many substitutions, appends or path elements");
        }
        return new HoconLimits(Optional.empty(), optional, all);
    }

    /** The same with what is included, of which none is too large. */
    HoconLimits with(List<HoconLimits> included) {
        if (included.isEmpty()) {
            return this;
        }
        var optional = new LinkedHashSet<>(optionalNames);
        var all = new ArrayList<>(names);
        for (var each : included) {
            optional.addAll(each.optionalNames);
            all.addAll(each.names);
        }
        return all.size() > MAX_SUBSTITUTIONS
                ? refused("it has too many substitutions with what it includes")
                : new HoconLimits(tooLarge, optional, all);
    }

    private static void collect(String text, int dollar, Set<String> optional, List<String> all) {
        if (!text.startsWith("${", dollar) || all.size() > MAX_SUBSTITUTIONS) {
            return;
        }
        var end = text.indexOf('}', dollar + 2);
        if (end < 0) {
            return;
        }
        var name = text.substring(dollar + 2, end).strip();
        var isOptional = name.startsWith("?");
        name = isOptional ? name.substring(1).strip() : name;
        if (name.length() > 2 && name.startsWith("\"") && name.indexOf('"', 1) == name.length() - 1) {
            name = name.substring(1, name.length() - 1);
        }
        if (isOptional) {
            optional.add(name);
        }
        all.add(name);
    }

    private static HoconLimits refused(String why) {
        return new HoconLimits(Optional.of(why), Set.of(), List.of());
    }
}
