// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ServiceAddress;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The workloads of a world by the namespace in which their participant may be, so that thousands of participants need not
 * look at thousands of workloads each.
 */
final class ManifestUsers {

    /** Every namespace. */
    private static final String ANY = "";

    private final Map<String, TreeMap<Integer, Workload>> byNamespace = new HashMap<>();

    private ManifestUsers() {}

    /**
     * Of a world.
     *
     * @param companions its other objects
     */
    static ManifestUsers of(List<Workload> workloads, Map<ObjectRef, JsonNode> companions) {
        var users = new ManifestUsers();
        for (var i = 0; i < workloads.size(); i++) {
            for (var namespace : namespaces(workloads.get(i), companions)) {
                users.byNamespace
                        .computeIfAbsent(namespace, n -> new TreeMap<>())
                        .put(i, workloads.get(i));
            }
        }
        return users;
    }

    /** Those that may run on a participant of that namespace, in the order of the world. */
    List<Workload> of(String namespace) {
        var found = new TreeMap<>(byNamespace.getOrDefault(ANY, new TreeMap<>()));
        found.putAll(byNamespace.getOrDefault(namespace, new TreeMap<>()));
        return new ArrayList<>(found.values());
    }

    private static Set<String> namespaces(Workload workload, Map<ObjectRef, JsonNode> companions) {
        var namespaces = new HashSet<String>();
        for (var container : workload.containers()) {
            container
                    .participantAddress()
                    .map(variable -> variable.value()
                            .text()
                            .flatMap(address -> ServiceAddress.service(
                                    address, workload.ref().namespace()))
                            .filter(service -> isPlain(companions.get(service)))
                            .map(ObjectRef::namespace)
                            .orElse(ANY))
                    .ifPresent(namespaces::add);
        }
        return namespaces;
    }

    /** Whether a Service leads to pods of its own namespace, or is absent and so stands for a Deployment of its name. */
    private static boolean isPlain(@org.jspecify.annotations.Nullable JsonNode service) {
        return service == null
                || (!service.path("spec").path("type").asString("").equals("ExternalName")
                        && !service.path("spec").path("selector").isEmpty());
    }
}
