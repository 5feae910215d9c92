// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A live world of which most was listed beforehand, so that thousands of objects are judged by one state of it and without
 * asking for each. Safe for use by many threads.
 */
public final class ListedSurroundings implements Surroundings {

    /**
     * What was listed of one kind.
     *
     * @param items unknown where it could not be listed at all
     * @param covers whether a namespace was listed; of the others nothing is known
     * @param everywhere whether all were
     */
    public record Listed<T>(Lookup<List<T>> items, Predicate<String> covers, boolean everywhere) {

        private boolean tells(String namespace) {
            return items instanceof Lookup.Found && covers.test(namespace);
        }
    }

    /** An object as Kubernetes shows it, or what matters of it. */
    public record Named(ObjectRef ref, JsonNode object) {}

    private final Surroundings rest;
    private final SecretNames names;
    private final Listed<Workload> workloads;
    private final Map<String, List<Workload>> byNamespace;
    private final Listed<Named> services;
    private final Map<ObjectRef, JsonNode> servicesByName;
    private final Listed<Named> secrets;
    private final Map<ObjectRef, JsonNode> secretsByName;
    private final Lookup<List<GovernanceSecret>> governanceSecrets;
    private final SecretsByKey byKey;
    private final ManifestUsers users;
    private final ManifestParticipants participants;
    private final List<Sighting> remembered;

    /**
     * A world out of lists.
     *
     * @param rest asked for all that was not listed; it must ask for each thing once
     * @param names which Secret holds a governance key
     * @param workloads those that have or may have to do with Splice
     * @param services their type and selector
     * @param secrets the governance key Secrets
     * @param remembered what is remembered of participants
     */
    public ListedSurroundings(
            Surroundings rest,
            SecretNames names,
            Listed<Workload> workloads,
            Listed<Named> services,
            Listed<Named> secrets,
            List<Sighting> remembered) {
        this.rest = rest;
        this.names = names;
        this.workloads = workloads;
        this.services = services;
        this.secrets = secrets;
        this.remembered = List.copyOf(remembered);
        var known = workloads.items().toOptional().orElse(List.of());
        byNamespace = known.stream()
                .collect(Collectors.groupingBy(workload -> workload.ref().namespace()));
        servicesByName = byName(services);
        secretsByName = byName(secrets);
        governanceSecrets = secrets.items()
                .map(all -> all.stream()
                        .map(each ->
                                GovernanceSecret.read(each.object(), each.ref().namespace()))
                        .toList());
        byKey = new SecretsByKey(governanceSecrets.toOptional().orElse(List.of()), names);
        users = ManifestUsers.of(known, servicesByName);
        participants = new ManifestParticipants(known);
    }

    private static Map<ObjectRef, JsonNode> byName(Listed<Named> listed) {
        return listed.items().toOptional().orElse(List.of()).stream()
                .collect(Collectors.toMap(Named::ref, Named::object, (first, second) -> second));
    }

    @Override
    public Lookup<JsonNode> get(ObjectRef ref, Deadline deadline) {
        if (ref.kind().equals("Service") && services.tells(ref.namespace())) {
            return found(servicesByName, ref);
        }
        if (ref.kind().equals("Secret") && ref.name().equals(names.governance()) && secrets.tells(ref.namespace())) {
            return found(secretsByName, ref);
        }
        return rest.get(ref, deadline);
    }

    private static Lookup<JsonNode> found(Map<ObjectRef, JsonNode> objects, ObjectRef ref) {
        var object = objects.get(ref);
        return object == null ? Lookup.absent() : Lookup.found(object);
    }

    @Override
    public Lookup<List<Workload>> workloads(String namespace, Deadline deadline) {
        return workloads.tells(namespace)
                ? Lookup.found(byNamespace.getOrDefault(namespace, List.of()))
                : rest.workloads(namespace, deadline);
    }

    /** Those that the account may see: what else there is, is a gap of the audit. */
    @Override
    public Lookup<List<Workload>> workloads(Deadline deadline) {
        return workloads.items();
    }

    @Override
    public Lookup<List<GovernanceSecret>> governanceSecrets(String name, Deadline deadline) {
        return name.equals(names.governance()) ? governanceSecrets : rest.governanceSecrets(name, deadline);
    }

    @Override
    public Lookup<List<GovernanceSecret>> holders(Set<String> fingerprints, SecretNames asked, Deadline deadline) {
        return asked.equals(names)
                ? governanceSecrets.map(all -> byKey.holders(fingerprints))
                : Surroundings.super.holders(fingerprints, asked, deadline);
    }

    @Override
    public Lookup<List<Workload>> running(List<ParticipantDatabase> databases, String namespace, Deadline deadline) {
        return workloads.items().map(all -> participants.of(databases, namespace));
    }

    @Override
    public Lookup<List<String>> mutatingWebhooks(Deadline deadline) {
        return rest.mutatingWebhooks(deadline);
    }

    @Override
    public Lookup<List<Sighting>> remembered(Deadline deadline) {
        return Lookup.found(remembered);
    }

    /** An index of them needs all Services: one that is not known may be an alias that leads anywhere. */
    @Override
    public Lookup<List<Workload>> users(String namespace, Deadline deadline) {
        return services.everywhere() && services.items() instanceof Lookup.Found
                ? workloads.items().map(all -> users.of(namespace))
                : Lookup.absent();
    }
}
