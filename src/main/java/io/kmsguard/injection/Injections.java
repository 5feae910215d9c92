// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import io.kmsguard.policy.Subject;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The explicit list of injections, and the one place where additions become a patch. */
public final class Injections {

    /** The annotation that opts a workload out of injection, and of nothing else. */
    public static final String OPT_OUT = "kms-guard.io/inject";

    private static final List<Injection> ALL =
            List.of(new GcpCredentials(), new AwsCredentials(), new GovernanceKeyEnv(), new GovernanceKeyConfig());

    private Injections() {}

    /** All injections, in the order of their additions; those on request too. */
    public static List<Injection> all() {
        return ALL;
    }

    /** What the workload under review lacks; nothing for any other object. */
    public static Completion complete(List<Injection> injections, Subject subject) {
        var workload = subject.workload();
        if (workload.isEmpty()
                || !workload.get().template().equals(Addition.TEMPLATE)
                || "false".equals(workload.get().annotations().get(OPT_OUT))) {
            return Completion.NONE;
        }
        var additions = new ArrayList<Addition>();
        var notes = new ArrayList<String>();
        for (var container : workload.get().containers()) {
            if (container.isInit()) {
                continue;
            }
            for (var injection : injections) {
                var proposal = injection.propose(subject, container);
                additions.addAll(proposal.additions());
                notes.addAll(proposal.notes());
            }
        }
        return additions.isEmpty() && notes.isEmpty()
                ? Completion.NONE
                : new Completion(operations(workload.get(), additions), List.copyOf(notes));
    }

    private static List<PatchOperation> operations(Workload workload, List<Addition> additions) {
        var operations = new ArrayList<PatchOperation>();
        var there = lists(workload);
        var done = new HashSet<Addition>();
        for (var addition : additions) {
            // Two containers may want the same volume.
            if (!done.add(addition)) {
                continue;
            }
            if (there.add(addition.list())) {
                operations.add(new PatchOperation(addition.list(), List.of()));
            }
            operations.add(new PatchOperation(addition.list() + "/-", ordered(addition.entry())));
        }
        return List.copyOf(operations);
    }

    private static Set<String> lists(Workload workload) {
        var there = new HashSet<String>();
        if (workload.hasVolumes()) {
            there.add(Addition.TEMPLATE + "/spec/volumes");
        }
        for (Container container : workload.containers()) {
            if (container.hasEnv()) {
                there.add(container.path() + "/env");
            }
            if (container.hasMounts()) {
                there.add(container.path() + "/volumeMounts");
            }
        }
        return there;
    }

    /** By name, so that one review always gives one patch: {@code Map.of} has no order. */
    private static Map<String, Object> ordered(Map<?, ?> entry) {
        var ordered = new TreeMap<String, Object>();
        entry.forEach((key, value) ->
                ordered.put(String.valueOf(key), value instanceof Map<?, ?> map ? ordered(map) : value));
        return ordered;
    }
}
