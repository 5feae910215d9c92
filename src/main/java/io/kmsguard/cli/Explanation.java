// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ManifestReader.Reading;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.admission.WorkloadView;
import io.kmsguard.policy.Action;
import io.kmsguard.policy.rule.Rules;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a check made of manifests, and what the guard saw while it did. */
final class Explanation {

    private final PolicyFile policy;
    private final String namespace;
    private final CheckReport report;
    private final ManifestSurroundings world;

    Explanation(Reading now, Reading old, String namespace, PolicyFile policy) {
        this.policy = policy;
        this.namespace = namespace;
        this.report = Checker.check(now, Before.files(old, namespace), namespace, policy, () -> {});
        this.world = ManifestSurroundings.of(now.manifests(), old.manifests(), namespace);
    }

    CheckReport report() {
        return report;
    }

    PolicyFile policy() {
        return policy;
    }

    /** The objects of that name that the guard has anything to do with; all of them where there is none. */
    List<CheckReport.Result> named(@Nullable String name) {
        return report.results().stream()
                .filter(CheckReport.Result::isGuarded)
                .filter(result -> name == null || result.ref().name().equals(name))
                .toList();
    }

    List<String> names() {
        return named(null).stream()
                .map(result -> result.ref().name())
                .distinct()
                .toList();
    }

    /** The object within its surroundings; empty for a Secret. */
    Optional<WorkloadView> view(CheckReport.Result result) {
        return result.isWorkload()
                ? WorkloadView.of(
                        result.manifest().object(),
                        result.manifest().ref(namespace).namespace(),
                        world,
                        Deadline.none())
                : Optional.empty();
    }

    /** The rules that ran and reported nothing. */
    List<String> silent(CheckReport.Result result) {
        return Rules.all().stream()
                .map(rule -> rule.info().id())
                .filter(id -> policy.actions().get(id) != Action.OFF)
                .filter(id -> result.judgement().rulings().stream()
                        .noneMatch(ruling -> ruling.finding().rule().id().equals(id)))
                .toList();
    }

    /** The rules that the policy switched off. */
    List<String> off() {
        return Rules.all().stream()
                .map(rule -> rule.info().id())
                .filter(id -> policy.actions().get(id) == Action.OFF)
                .toList();
    }
}
