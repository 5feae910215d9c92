// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is wrong with the texts that make up the configuration, seen before anybody parses them. */
final class TextProblems {

    /** Rendered by the splice-participant chart from values, unquoted and without comments of its own. */
    private static final String CHART_RENDERED = "ADDITIONAL_CONFIG_SPLICE_PARTICIPANT_CRYPTO_PROVIDER_KMS";

    /** Whose values may be shown: none of them is a secret. */
    private static final Set<String> SHOWN = Set.of(
            "type",
            "region",
            "location-id",
            "project-id",
            "key-ring-id",
            "name",
            "endpoint-override",
            "multi-region-key",
            "audit-logging",
            "disable-ssl-verification",
            "health-check-period");

    /** What a name or place looks like, and no key by mistake in such a field. */
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z0-9._:/-]{0,11}|[a-z0-9]{1,20}(?:[._:/-]+[a-z0-9]{1,20}){0,6}");

    private static final Pattern LAST_VALUE = Pattern.compile("([\\w.-]+)[ \\t]*[=:][ \\t]*([^=\"{},\\[\\]]*)$");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");
    private static final Pattern GO_MAP = Pattern.compile("([\\w.-]+)[ \\t]*[=:][ \\t]*map$");
    private static final int LOOK_BACK = 300;
    private static final int MAX_PROBLEMS = 20;

    private final List<ConfigProblem> problems = new ArrayList<>();
    private final Map<EnvVar, String> explanations = new HashMap<>();

    /** @param variables all whose names start with ADDITIONAL_CONFIG */
    TextProblems(Collection<EnvVar> variables) {
        for (var variable : variables) {
            if (variable.isShellIdentifier()) {
                variable.value().text().ifPresent(text -> new Scan(variable, text).run());
            } else {
                problems.add(new ConfigProblem(
                        variable.name(),
                        "does not reach Canton: the image's shell sees only names of letters, digits and _",
                        "rename it to " + variable.name().replaceAll("[^A-Za-z0-9_]", "_")));
            }
        }
    }

    /** What Canton reads otherwise than it was meant. */
    List<ConfigProblem> problems() {
        return List.copyOf(problems);
    }

    /** What makes a text unreadable, where it is a known mistake. */
    Optional<String> explanation(EnvVar unreadable) {
        return Optional.ofNullable(explanations.get(unreadable));
    }

    /** Goes over one text, outside of strings and comments. */
    private final class Scan {
        private final EnvVar variable;
        private final String text;

        Scan(EnvVar variable, String text) {
            this.variable = variable;
            this.text = text;
        }

        void run() {
            var suspicious = text.indexOf('#') >= 0 || text.contains("//") || text.contains("map[");
            if (!suspicious || text.length() > HoconLimits.MAX_CHARACTERS) {
                return;
            }
            var lineStart = 0;
            var i = 0;
            while (i < text.length() && problems.size() < MAX_PROBLEMS) {
                var c = text.charAt(i);
                if (c == '\n') {
                    lineStart = i + 1;
                } else if (c == '"') {
                    i = endOfString(i);
                    continue;
                } else if (c == '#' || text.startsWith("//", i)) {
                    comment(text.substring(Math.max(lineStart, i - LOOK_BACK), i), c == '#' ? "#" : "//");
                    i = endOfLine(i);
                    continue;
                } else if (c == '[') {
                    goMap(text.substring(Math.max(lineStart, i - LOOK_BACK), i));
                }
                i++;
            }
        }

        private int endOfLine(int from) {
            var end = text.indexOf('\n', from);
            return end < 0 ? text.length() : end;
        }

        private int endOfString(int quote) {
            if (text.startsWith("\"\"\"", quote)) {
                var end = text.indexOf("\"\"\"", quote + 3);
                return end < 0 ? text.length() : end + 3;
            }
            for (var i = quote + 1; i < text.length(); i++) {
                var c = text.charAt(i);
                if (c == '"' || c == '\n') {
                    return c == '"' ? i + 1 : i;
                }
                i += c == '\\' ? 1 : 0;
            }
            return text.length();
        }

        private void comment(String before, String sign) {
            var found = LAST_VALUE.matcher(before);
            if (!found.find()) {
                return;
            }
            var value = found.group(2);
            var glued = !value.isEmpty() && !Character.isWhitespace(value.charAt(value.length() - 1));
            if (sign.equals("//") && SCHEME.matcher(value).matches()) {
                explanations.putIfAbsent(variable, found.group(1) + " is a URL without quotes");
            } else if (glued || isChartRendered()) {
                var left = value.strip();
                var reads = left.isEmpty() ? "nothing" : left;
                var shown = SHOWN.contains(lastOf(found.group(1)))
                        && PLAIN.matcher(left).matches()
                        && !(variable.value() instanceof EnvValue.SecretKey);
                problem(
                        found.group(1),
                        "is cut at " + sign + ", which starts a comment" + (shown ? "; Canton reads: " + reads : ""),
                        quotes());
            }
        }

        private void goMap(String before) {
            var found = GO_MAP.matcher(before);
            if (found.find()) {
                // Charts before 0.4.12 rendered nested values so.
                explanations.putIfAbsent(variable, found.group(1) + " is Go text (map[…]), not HOCON");
            }
        }

        private String quotes() {
            return isChartRendered()
                    ? "put double quotes into the value: '\"…\"' in the values file"
                    : "write the value in double quotes";
        }

        private boolean isChartRendered() {
            return variable.name().equals(CHART_RENDERED);
        }

        private static String lastOf(String path) {
            return path.substring(path.lastIndexOf('.') + 1);
        }

        private void problem(String field, String what, String remedy) {
            problems.add(new ConfigProblem(variable.name() + " (" + field + ")", what, remedy));
        }
    }
}
