// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.maker.MadeSecret;
import io.kmsguard.policy.GovernanceKeys;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The world around an object under review: a live cluster, or a folder of manifests. Implementations are safe for use
 * by many threads, never throw for what they cannot read (that is {@link Lookup.Unknown}), and return by the deadline.
 */
public interface Surroundings {

    /**
     * One object.
     *
     * @param ref a Service, Secret, ConfigMap, ServiceAccount or Namespace; a live cluster also tells Deployments and
     *     StatefulSets
     * @return the object as Kubernetes shows it, for example with {@code data} of a Secret in base64
     */
    Lookup<JsonNode> get(ObjectRef ref, Deadline deadline);

    /**
     * The Deployments and StatefulSets of one namespace; never {@link Lookup.Absent}. What is there but is not readable
     * as a workload is left out.
     */
    Lookup<List<Workload>> workloads(String namespace, Deadline deadline);

    /** The same of all namespaces. */
    Lookup<List<Workload>> workloads(Deadline deadline);

    /** The Secrets of that name in all namespaces; never {@link Lookup.Absent}. */
    Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline);

    /**
     * Those of them with one of these keys.
     *
     * @param fingerprints of the keys
     * @param names the Secret's name, and the keys under which it holds the pair
     */
    default Lookup<List<GovernanceSecret>> holders(Set<String> fingerprints, SecretNames names, Deadline deadline) {
        return governanceSecrets(names.governance(), deadline)
                .map(secrets -> secrets.stream()
                        .filter(secret -> GovernanceKeys.of(secret, names)
                                .fingerprint()
                                .filter(fingerprints::contains)
                                .isPresent())
                        .toList());
    }

    /**
     * By whom a Secret that is not there will be made; {@link Lookup.Absent} where nobody is seen to, which is no proof in a world that
     * does not look at what makes Secrets.
     */
    default Lookup<MadeSecret> maker(ObjectRef secret, Deadline deadline) {
        return Lookup.absent();
    }

    /**
     * Whether a workload of this world is there already; false for one that is only applied along with the object under
     * review and has a review of its own.
     */
    default boolean isRunning(ObjectRef workload) {
        return true;
    }

    /**
     * The participants that run, or ran before what is applied along with the object under review, and that may use one of
     * those databases: all that do, perhaps others too. {@link Lookup.Absent} where this world cannot tell them apart:
     * then all workloads are looked at.
     *
     * @param namespace the namespace of the object under review
     */
    default Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        return Lookup.absent();
    }

    /** What is remembered of participants, those that run included; nothing where this world has no memory. */
    default Lookup<List<Sighting>> remembered(Deadline deadline) {
        return Lookup.found(List.of());
    }

    /** Since when what runs is remembered; {@link Lookup.Absent} where this world has no memory, or does not know how old it is. */
    default Lookup<Instant> rememberedSince(Deadline deadline) {
        return Lookup.absent();
    }

    /**
     * The names of the mutating webhooks and of their configurations; {@link Lookup.Absent} where this world does not look at
     * them.
     */
    default Lookup<List<String>> mutatingWebhooks(Deadline deadline) {
        return Lookup.absent();
    }

    /**
     * Those of {@link #workloads(Deadline)} that may run on a participant of that namespace: all of which their address
     * leads there, perhaps others too. {@link Lookup.Absent} where this world cannot tell them apart: then all workloads
     * are looked at.
     */
    default Lookup<List<Workload>> users(String namespace, Deadline deadline) {
        return Lookup.absent();
    }

    /** Whether what is absent here is not there; of files, nobody can tell. */
    default boolean isWhole() {
        return true;
    }

    /**
     * The world as it is before the change under review: there what the object was before is looked up. This one where the change
     * is in no world yet.
     */
    default Surroundings before() {
        return this;
    }

    /**
     * The same world, asked anew in every lookup: for a denial, which must not rest on what was heard a moment ago. This one where
     * it is asked anew anyway.
     */
    default Surroundings live() {
        return this;
    }
}
