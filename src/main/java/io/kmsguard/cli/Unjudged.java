// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.OtherPods;
import io.kmsguard.splice.PodTemplate;
import io.kmsguard.splice.Role;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An object that has to do with Splice and cannot be judged.
 *
 * @param why one sentence without a period
 */
record Unjudged(Manifest manifest, ObjectRef ref, Reason reason, String why) {

    /** Why not. */
    enum Reason {
        /** A chart of Splice is made of it, and what that holds is not here. */
        UNRENDERED,
        /** It runs a container of Splice where no kind has its pod that the guard knows. */
        ELSEWHERE,
        /** Another object made it, which is not here. */
        CONTROLLED;

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What it is, where it stands, and why it is not judged. */
    String sentence() {
        return ref + " (" + Places.of(manifest.file(), manifest.line()) + ") " + why + ".";
    }

    /** Of those that are no workload: what they hold of Splice, in their order. */
    static List<Unjudged> of(List<Manifest> manifests, String defaultNamespace) {
        var given = manifests.stream()
                .map(manifest -> manifest.ref(defaultNamespace))
                .collect(Collectors.toSet());
        return manifests.parallelStream()
                .filter(manifest -> !ManifestSurroundings.isWorkload(manifest))
                .flatMap(manifest -> of(manifest, defaultNamespace, given).stream())
                .toList();
    }

    private static Optional<Unjudged> of(Manifest manifest, String defaultNamespace, Set<ObjectRef> given) {
        var ref = manifest.ref(defaultNamespace);
        var chart = UnrenderedChart.of(manifest, ref.namespace());
        if (chart.isPresent()) {
            return Optional.of(new Unjudged(
                    manifest,
                    ref,
                    Reason.UNRENDERED,
                    "renders chart " + chart.get().chart() + ", of which nothing is here; render it first: "
                            + chart.get().command()));
        }
        return OtherPods.in(manifest.object(), ref.namespace()).flatMap(pod -> {
            var roles = pod.roles().stream().map(Role::id).collect(Collectors.joining(", "));
            var controller = PodTemplate.controller(manifest.object())
                    .map(maker -> new ObjectRef(maker.kind(), ref.namespace(), maker.name()));
            if (controller.isEmpty()) {
                return Optional.of(new Unjudged(
                        manifest,
                        ref,
                        Reason.ELSEWHERE,
                        "runs " + roles + " at " + pod.pointer()
                                + ", and pods of this kind are not looked at there; what is judged has its pod at"
                                + " spec.template"));
            }
            return controller
                    .filter(maker -> !given.contains(maker))
                    .map(maker -> new Unjudged(
                            manifest,
                            ref,
                            Reason.CONTROLLED,
                            "runs " + roles + " for " + maker + ", which made it and is not here; give that"));
        });
    }
}
