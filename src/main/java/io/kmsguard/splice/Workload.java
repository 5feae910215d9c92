// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * A Deployment or StatefulSet.
 *
 * @param podLabels the labels that a Service's selector meets
 * @param annotations its own annotations
 * @param replicas {@code spec.replicas}, if written
 * @param volumes the names of its volumes
 * @param hasVolumes whether the manifest has a {@code volumes} list to add to
 * @param version the Splice release: of the images, else of the label {@code app.kubernetes.io/version}
 */
public record Workload(
        ObjectRef ref,
        Map<String, String> podLabels,
        Map<String, String> annotations,
        String serviceAccount,
        OptionalInt replicas,
        List<Container> containers,
        Set<String> volumes,
        boolean hasVolumes,
        Optional<SpliceVersion> version)
        implements GuardedObject {

    /** The ConfigMaps and Secrets that its configuration depends on. */
    public Set<ObjectRef> references() {
        return Set.of();
    }

    /** The same workload with what it takes from ConfigMaps and Secrets. */
    public Workload completed(Function<ObjectRef, Optional<Map<String, String>>> data) {
        return this;
    }

    /** Its containers of that role. */
    public List<Container> containers(Role role) {
        return containers.stream().filter(container -> container.is(role)).toList();
    }
}
