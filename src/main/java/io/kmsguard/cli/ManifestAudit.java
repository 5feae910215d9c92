// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.AuditReport;
import io.kmsguard.admission.AuditReport.Gap;
import io.kmsguard.admission.AuditedObject.Source;
import io.kmsguard.admission.Auditor;
import io.kmsguard.admission.Auditor.JudgedObject;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ManifestReader.Reading;
import io.kmsguard.admission.PolicyFile;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.GuardedObject;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An audit of manifests: what a check makes of them, summed up as that of a cluster. */
final class ManifestAudit {

    private ManifestAudit() {}

    /**
     * Judges what is in the input.
     *
     * @param scope what that is, for a person
     * @param defaultNamespace for objects that name none
     * @param progress told of each object that was judged, by any thread
     */
    static AuditReport audit(
            Reading input, String scope, String defaultNamespace, PolicyFile policy, Clock clock, Runnable progress) {
        var at = clock.instant();
        // What kubectl get prints of a cluster has those, too.
        var standing = new Reading(
                input.manifests().stream()
                        .filter(manifest -> !manifest.object().path("metadata").has("deletionTimestamp"))
                        .toList(),
                input.problems());
        var before = Before.files(new Reading(List.of(), List.of()), defaultNamespace);
        var checked = Checker.look(standing, before, defaultNamespace, policy, progress);
        var workloads = checked.world().workloads(Deadline.none()) instanceof Lookup.Found<List<Workload>> found
                ? found.value().stream()
                        .collect(Collectors.toMap(Workload::ref, Function.identity(), (one, other) -> other))
                : Map.<ObjectRef, Workload>of();
        var objects = checked.report().results().stream()
                .filter(CheckReport.Result::isGuarded)
                .flatMap(result -> judged(result, workloads).stream())
                .toList();
        var gaps = Stream.concat(
                        checked.report().unjudged().stream()
                                .map(Reported.Trouble::of)
                                .map(trouble -> new Gap(trouble.what(), trouble.why())),
                        checked.report().errors().stream()
                                .map(error -> new Gap(Places.of(error.file(), error.line()), error.message())))
                .toList();
        return new Auditor(policy, clock).report(new Auditor.Judged(at, scope, objects, checked.world(), gaps));
    }

    private static Optional<JudgedObject> judged(CheckReport.Result result, Map<ObjectRef, Workload> workloads) {
        var manifest = result.manifest();
        Optional<GuardedObject> object = result.isWorkload()
                ? Optional.ofNullable(workloads.get(result.ref()))
                : Optional.of(
                        GovernanceSecret.read(manifest.object(), result.ref().namespace()));
        return object.map(read -> JudgedObject.of(
                read,
                manifest.object().path("metadata").path("uid").asString(""),
                result.judgement(),
                Optional.of(new Source(manifest.file(), manifest.lines()))));
    }
}
