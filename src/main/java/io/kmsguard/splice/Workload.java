// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * What runs pods: a Deployment, a StatefulSet, or anything else with a pod template ({@link PodTemplate}).
 *
 * @param template the JSON pointer of its pod template; empty for a Pod
 * @param podLabels the labels that a Service's selector meets
 * @param annotations its own annotations
 * @param replicas {@code spec.replicas}, if written
 * @param volumes its volumes by name, each with the Secret that must be there and whose keys are its files; empty for other
 *     volumes
 * @param hasVolumes whether the manifest has a {@code volumes} list to add to
 * @param version the Splice release: of the images, else of the labels {@code app.kubernetes.io/version} and
 *     {@code helm.sh/chart}
 * @param neverAvailableSince when a Deployment was created that was never available since, as its status says; empty also in
 *     every doubt
 */
public record Workload(
        ObjectRef ref,
        String template,
        Map<String, String> podLabels,
        Map<String, String> annotations,
        String serviceAccount,
        OptionalInt replicas,
        List<Container> containers,
        Map<String, Optional<String>> volumes,
        boolean hasVolumes,
        Optional<SpliceVersion> version,
        Optional<Instant> neverAvailableSince)
        implements GuardedObject {

    /** The release of the chart that rendered it, which an image of another release does not change; else {@link #version}. */
    public Optional<SpliceVersion> chart() {
        return SpliceVersion.ofChart(podLabels.getOrDefault("helm.sh/chart", ""))
                .or(() -> version);
    }

    /** Its containers of that role. */
    public List<Container> containers(Role role) {
        return containers.stream().filter(container -> container.is(role)).toList();
    }

    /** What its containers run, without those twice, in the order of {@link Role}. */
    public List<Role> roles() {
        return containers.stream()
                .flatMap(container -> container.roles().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** The databases of its participants. */
    public List<ParticipantDatabase> databases() {
        return containers(Role.PARTICIPANT).stream()
                .flatMap(container -> ParticipantDatabase.of(container, ref.namespace()).stream())
                .distinct()
                .toList();
    }

    /**
     * The ConfigMaps and Secrets that its configuration depends on, known already or not: what HOCON comes from, what
     * the HOCON substitutes where the guard looks, the participant's address, the CometBFT switch, and every
     * {@code envFrom}. Not the governance key's Secret, which rules look at themselves. What {@link #completed} puts in
     * may refer to more, so ask again until nothing new comes.
     */
    public Set<ObjectRef> references() {
        var found = new LinkedHashSet<ObjectRef>();
        containers.forEach(container -> found.addAll(container.references(ref.namespace())));
        return found;
    }

    /** Whether no pod of it can start without that ConfigMap or Secret. */
    public boolean needs(ObjectRef object) {
        return containers.stream().anyMatch(container -> container.environment().needs(object, ref.namespace()));
    }

    /** The same as {@link #references}, and each file that its configuration includes: what is not the same needs another look. */
    public Set<String> sources() {
        var found = new LinkedHashSet<String>();
        references().forEach(ref -> found.add(ref.toString()));
        containers.forEach(container -> found.addAll(container.included()));
        return found;
    }

    /**
     * The same workload with the content of ConfigMaps and Secrets put in, {@code $(NAME)} expanded again and the HOCON
     * read again.
     *
     * @param data for one of {@link #references}, its decoded texts by key: an empty map where the object is not there
     *     (an optional reference then adds nothing, a required one stays unseen), nothing where nobody could tell
     */
    public Workload completed(Function<ObjectRef, Optional<Map<String, String>>> data) {
        var line = Releases.canton(version);
        var read = containers.stream()
                .map(container -> container.completed(ref.namespace(), data, line))
                .toList();
        return read.equals(containers)
                ? this
                : new Workload(
                        ref,
                        template,
                        podLabels,
                        annotations,
                        serviceAccount,
                        replicas,
                        read,
                        volumes,
                        hasVolumes,
                        WorkloadReader.tagged(read).or(() -> version),
                        neverAvailableSince);
    }
}
