// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * What a command talks to.
 *
 * @param out for results
 * @param err for trouble and progress
 * @param env environment variables
 * @param terminals which of the three streams are a person's terminal
 */
record Session(InputStream in, PrintStream out, PrintStream err, Map<String, String> env, Terminals terminals) {

    /** Whether results may be coloured (https://no-color.org). */
    boolean hasColour() {
        return terminals.out() && env.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(env.get("TERM"));
    }

    /** How wide results may be: 80 columns where nobody says better; without a terminal, as wide as they are. */
    int width() {
        if (!terminals.out()) {
            return Integer.MAX_VALUE;
        }
        var columns = env.getOrDefault("COLUMNS", "");
        return columns.matches("[1-9][0-9]{0,4}") ? Math.max(40, Math.min(120, Integer.parseInt(columns))) : 80;
    }

    /** Says a sentence to the person, beside the results. */
    void say(String sentence) {
        err.println("kms-guard: " + sentence);
    }

    /** Says what is wrong; the exit code that goes with it. */
    int trouble(List<String> problems) {
        problems.forEach(this::say);
        return ExitCode.TROUBLE;
    }
}
