// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Kubernetes' own substitution in env values: {@code $(NAME)} from what stands above, {@code $$(NAME)} as itself, what
 * nobody defines as written ({@code third_party/forked/golang/expansion}).
 */
final class Expansion {

    /** Linux takes no longer string into a process' environment (MAX_ARG_STRLEN), so nothing longer can run. */
    static final int MAX_CHARACTERS = 131_072;

    private Expansion() {}

    /**
     * Expands a text.
     *
     * @param open whether names may come from a source that was not read
     */
    static EnvValue of(String text, Map<String, EnvVar> above, boolean open) {
        if (text.indexOf('$') < 0) {
            return new EnvValue.Literal(text);
        }
        var out = new StringBuilder(text.length());
        var i = 0;
        while (i < text.length()) {
            var end = endOfName(text, i);
            if (end > 0) {
                var name = text.substring(i + 2, end);
                var known = above.get(name);
                if (known == null && open) {
                    return new EnvValue.Template(text, "$(" + name + "), perhaps from envFrom");
                }
                if (known != null && known.value().text().isEmpty()) {
                    return new EnvValue.Template(text, known.value().source());
                }
                out.append(
                        known == null
                                ? text.substring(i, end + 1)
                                : known.value().text().orElse(""));
                i = end + 1;
            } else {
                out.append(text.charAt(i));
                // "$$" is one dollar, and what follows it is no reference.
                i += text.startsWith("$$", i) ? 2 : 1;
            }
            if (out.length() > MAX_CHARACTERS) {
                return new EnvValue.AtRunTime("a text that grows beyond " + MAX_CHARACTERS + " characters");
            }
        }
        return new EnvValue.Literal(out.toString());
    }

    /** The names in a text's {@code $(NAME)}. */
    static List<String> names(String text) {
        var names = new ArrayList<String>();
        var i = text.indexOf('$');
        while (i >= 0 && i < text.length()) {
            var end = endOfName(text, i);
            if (end > 0) {
                names.add(text.substring(i + 2, end));
            }
            i = end > 0 ? end + 1 : i + (text.startsWith("$$", i) ? 2 : 1);
            i = i < text.length() ? text.indexOf('$', i) : -1;
        }
        return names;
    }

    /** Where the name of a {@code $(NAME)} that starts here ends, or -1. */
    private static int endOfName(String text, int start) {
        return text.startsWith("$(", start) ? text.indexOf(')', start + 2) : -1;
    }
}
