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
import java.util.Optional;
import java.util.Set;
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
                            before(subject.workloadBefore(), container)
                                    .ifPresent(old -> lost(old, now.keySet(), container, findings));
                        }));
        return findings;
    }

    private static Optional<Container> before(Optional<Workload> before, Container container) {
        return before.stream()
                .flatMap(workload -> workload.containers().stream())
                .filter(old -> old.name().equals(container.name()))
                .findFirst();
    }

    private static void lost(Container old, Set<String> now, Container container, List<Finding> findings) {
        names(old).forEach((name, paths) -> {
            if (paths.size() > 1 && !now.contains(name) && !isRenamed(old, name, container)) {
                findings.add(lost(container, name, paths.size()));
            }
        });
    }

    /** Whether the text that counted is still there under another name. */
    private static boolean isRenamed(Container old, String name, Container container) {
        var text = old.env(name).map(EnvVar::value);
        return container.env().stream()
                .filter(variable -> variable.name().startsWith(AdditionalConfig.PREFIX))
                .anyMatch(variable -> text.equals(Optional.of(variable.value())));
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
                        + " times; only the last one counts, and a later update that removes one would remove all",
                "remove it from additionalEnvVars in the values, where it repeats what the chart sets",
                paths.get(paths.size() - 1));
    }

    private static Finding lost(Container container, String name, int times) {
        return Finding.seen(
                        INFO,
                        container.name() + " " + name + " lost",
                        "container " + container.name() + ": env " + name + " stood " + times
                                + " times and this update leaves none: Kubernetes drops all of one name when a patch removes one",
                        "replace instead of patching: helm upgrade --force (Helm 4: --force-replace) or kubectl replace"
                                + (name.startsWith(AdditionalConfig.PREFIX)
                                        ? "; or give the one that stays another ADDITIONAL_CONFIG name"
                                        : ""),
                        container.path() + "/env")
                .as(RuleClass.BROKEN);
    }
}
