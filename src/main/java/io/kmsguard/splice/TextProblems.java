// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What is wrong with the texts that make up the configuration, before anybody parses them. */
final class TextProblems {

    private TextProblems() {}

    static List<ConfigProblem> of(Collection<EnvVar> variables) {
        var problems = new ArrayList<ConfigProblem>();
        for (var variable : variables) {
            if (!variable.isShellIdentifier()) {
                problems.add(new ConfigProblem(
                        variable.name(),
                        "does not reach Canton: the image's shell sees names of letters, digits and _ only",
                        "rename it to " + variable.name().replaceAll("[^A-Za-z0-9_]", "_")));
            }
        }
        return List.copyOf(problems);
    }
}
