// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The participants of a world by the databases that they may use, so that thousands of participants need not look at
 * thousands each.
 */
final class ManifestParticipants {

    private final List<Workload> participants;
    private final Map<ParticipantDatabase, List<Integer>> byDatabase = new HashMap<>();
    private final Map<String, List<Integer>> byNamespace = new HashMap<>();
    private final Map<String, List<Integer>> untold = new HashMap<>();

    /** By all but the server. */
    private final Map<ParticipantDatabase, List<Integer>> byRest = new HashMap<>();

    /** The same of those whose server's name is no Service's. */
    private final Map<ParticipantDatabase, List<Integer>> foreign = new HashMap<>();

    /** Whose database may yet be told by a ConfigMap or Secret. */
    private final List<Integer> open = new ArrayList<>();

    ManifestParticipants(List<Workload> workloads) {
        participants = workloads.stream()
                .filter(workload -> !workload.databases().isEmpty())
                .toList();
        for (var i = 0; i < participants.size(); i++) {
            var workload = participants.get(i);
            var namespace = workload.ref().namespace();
            byNamespace.computeIfAbsent(namespace, n -> new ArrayList<>()).add(i);
            if (!workload.databases().stream().allMatch(ParticipantDatabase::isTold)) {
                untold.computeIfAbsent(namespace, n -> new ArrayList<>()).add(i);
            }
            if (!workload.references().isEmpty()) {
                open.add(i);
            }
            for (var database : workload.databases()) {
                byDatabase.computeIfAbsent(database, d -> new ArrayList<>()).add(i);
                byRest.computeIfAbsent(rest(database), d -> new ArrayList<>()).add(i);
                if (database.hasForeignServer()) {
                    foreign.computeIfAbsent(rest(database), d -> new ArrayList<>())
                            .add(i);
                }
            }
        }
    }

    /** Those that may use one of these, in order; of what is not told, those of that namespace. */
    List<Workload> of(List<ParticipantDatabase> databases, String namespace) {
        var found = new TreeMap<Integer, Workload>();
        open.forEach(i -> found.put(i, participants.get(i)));
        var told = databases.stream().allMatch(ParticipantDatabase::isTold);
        (told ? untold : byNamespace)
                .getOrDefault(namespace, List.of())
                .forEach(i -> found.put(i, participants.get(i)));
        for (var database : databases) {
            byDatabase.getOrDefault(database, List.of()).forEach(i -> found.put(i, participants.get(i)));
            (database.hasForeignServer() ? byRest : foreign)
                    .getOrDefault(rest(database), List.of())
                    .forEach(i -> found.put(i, participants.get(i)));
        }
        return new ArrayList<>(found.values());
    }

    private static ParticipantDatabase rest(ParticipantDatabase database) {
        return database.at(Optional.empty());
    }
}
