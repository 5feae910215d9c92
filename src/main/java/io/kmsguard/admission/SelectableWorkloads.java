// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The workloads of one namespace by what a Service finds them: a label of their pods, or their name. Where a thousand SVs share a
 * namespace, an address would else be compared with each workload, once for each SV. Not for many threads.
 */
final class SelectableWorkloads {

    private final Map<String, List<Workload>> byName = new HashMap<>();
    private final Map<Map.Entry<String, String>, List<Workload>> byLabel = new HashMap<>();

    SelectableWorkloads(List<Workload> workloads) {
        for (var workload : workloads) {
            byName.computeIfAbsent(workload.ref().name(), name -> new ArrayList<>())
                    .add(workload);
            workload.podLabels()
                    .forEach(
                            (name, value) -> byLabel.computeIfAbsent(Map.entry(name, value), label -> new ArrayList<>())
                                    .add(workload));
        }
    }

    /** Those of that name, in order. */
    List<Workload> named(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /** All that have every one of these labels, in order; there must be one. */
    List<Workload> labelled(Map<String, String> selector) {
        var fewest = selector.entrySet().stream()
                .map(label -> byLabel.getOrDefault(Map.entry(label.getKey(), label.getValue()), List.of()))
                .reduce((one, other) -> one.size() <= other.size() ? one : other)
                .orElseThrow();
        return fewest.stream()
                .filter(workload -> workload.podLabels().entrySet().containsAll(selector.entrySet()))
                .toList();
    }
}
