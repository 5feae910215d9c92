// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import io.kmsguard.policy.Finding;
import io.kmsguard.policy.Rule;
import io.kmsguard.policy.RuleClass;
import io.kmsguard.policy.RuleInfo;
import io.kmsguard.policy.Subject;
import io.kmsguard.splice.AdditionalConfig;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A configuration or governance env var that stands twice in one container. The last one counts; and a later apply that
 * removes one of them removes both (kubernetes/kubernetes#58477), which can take a participant off its KMS unseen.
 */
final class DuplicateEnv implements Rule {

    private static final RuleInfo INFO =
            new RuleInfo("duplicate-env", RuleClass.ADVISABLE, "a configuration env var that stands twice");

    @Override
    public RuleInfo info() {
        return INFO;
    }

    @Override
    public List<Finding> check(Subject subject) {
        var findings = new ArrayList<Finding>();
        subject.workload()
                .ifPresent(workload -> workload.containers().stream()
                        .filter(container -> container.is(Role.PARTICIPANT) || container.is(Role.SV_APP))
                        .forEach(container -> {
                            var now = names(container);
                            now.forEach((name, paths) -> {
                                if (paths.size() > 1) {
                                    findings.add(twice(container, name, paths));
                                }
                            });
                            before(subject.workloadBefore(), container).forEach((name, paths) -> {
                                if (paths.size() > 1 && !now.containsKey(name)) {
                                    findings.add(lost(container, name, paths.size()));
                                }
                            });
                        }));
        return findings;
    }

    private static Map<String, List<String>> before(java.util.Optional<Workload> before, Container container) {
        return before.stream()
                .flatMap(workload -> workload.containers().stream())
                .filter(old -> old.name().equals(container.name()))
                .findFirst()
                .map(DuplicateEnv::names)
                .orElse(Map.of());
    }

    /** Where each such env var stands. */
    private static Map<String, List<String>> names(Container container) {
        var names = new TreeMap<String, List<String>>();
        for (EnvVar variable : container.env()) {
            if (variable.name().startsWith(AdditionalConfig.PREFIX)
                    || CometBftNode.ENV_NAMES.contains(variable.name())) {
                names.computeIfAbsent(variable.name(), name -> new ArrayList<>())
                        .add(variable.path());
            }
        }
        return names;
    }

    private static Finding twice(Container container, String name, List<String> paths) {
        return Finding.seen(
                INFO,
                container.name() + " " + name,
                "container " + container.name() + ": env " + name + " stands " + paths.size()
                        + " times; only the last one counts, and an update that removes one removes all",
                "keep one of them in the values (additionalEnvVars repeats what the chart sets)",
                paths.get(paths.size() - 1));
    }

    private static Finding lost(Container container, String name, int times) {
        return Finding.seen(
                        INFO,
                        container.name() + " " + name + " lost",
                        "container " + container.name() + ": env " + name + " stood " + times
                                + " times and is gone after this update, as happens when one of two is removed",
                        "apply it twice: first with both, then with one under another ADDITIONAL_CONFIG name; or add it"
                                + " again in this update",
                        container.path() + "/env")
                .as(RuleClass.BROKEN);
    }
}
