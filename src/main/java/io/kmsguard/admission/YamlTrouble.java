// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.Locale;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Says what is wrong with YAML without quoting any of it, since what it holds may be a secret. */
final class YamlTrouble {

    private YamlTrouble() {}

    /** A mistake at a place that is known. */
    static String describe(MarkedYAMLException e) {
        var problem = String.valueOf(e.getProblem());
        // Names of anchors and tags are the operator's text: a password may start with * or !.
        if (problem.contains("alias")) {
            return "an alias that no anchor before it defines (a value that starts with * must be quoted)";
        }
        if (problem.contains(" tag ") || problem.contains("tag handle")) {
            return "a tag that is not defined (a value that starts with ! must be quoted)";
        }
        if (problem.contains("TAB")) {
            return "a tab where YAML wants spaces";
        }
        if (problem.equals("mapping values are not allowed here")) {
            return "a colon where no mapping can start (wrong indentation, or a value with a colon that must be quoted)";
        }
        if (problem.contains("<stream end>") || problem.contains("end of stream")) {
            return "it ends too early, within something that was opened before";
        }
        var first = problem.split("\n|\\. \\(", 2)[0];
        return "not YAML: " + first.substring(0, 1).toLowerCase(Locale.ROOT) + first.substring(1);
    }

    /** A limit that was hit. */
    static String describe(YAMLException e) {
        var message = String.valueOf(e.getMessage());
        if (message.contains("aliases")) {
            return "it has too many aliases (50 at most)";
        }
        return message.contains("Nesting")
                ? "it is nested more than " + ManifestTree.MAX_DEPTH + " deep"
                : "it cannot be read as YAML";
    }
}
