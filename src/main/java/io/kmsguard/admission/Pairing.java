// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CryptoConfig;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.ServiceAddress;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Which app runs on which participant: by the address in the app's environment, through the Service of that name and its
 * selector.
 */
final class Pairing {

    private static final int MAX_ALIASES = 3;

    private final LookupSession world;

    Pairing(LookupSession world) {
        this.world = world;
    }

    /**
     * The participant behind an address.
     *
     * @param namespace the namespace of the app that uses it
     */
    Lookup<Workload> participant(String address, String namespace) {
        return target(address, namespace, MAX_ALIASES)
                .then(target -> world.selectable(target.namespace())
                        .then(workloads -> choose(target.of(workloads).stream()
                                .filter(target::leadsTo)
                                .toList())));
    }

    /** The SV apps and validator apps that run on a participant. */
    Lookup<Facts.Users> users(Workload participant) {
        return world.users(participant.ref().namespace()).then(workloads -> {
            var svApps = new ArrayList<Workload>();
            var planned = new ArrayList<Workload>();
            var validatorApps = new ArrayList<Workload>();
            for (var workload : workloads) {
                for (var container : workload.containers()) {
                    if (container.participantAddress().isEmpty()) {
                        continue;
                    }
                    var isSvApp = container.is(Role.SV_APP);
                    var isRunning = world.isRunning(workload.ref());
                    var runs = runsOn(participant, workload, container);
                    if (runs instanceof Lookup.Unknown<Boolean> unknown && isSvApp && isRunning) {
                        return Lookup.unknown(unknown.why());
                    }
                    if (runs.toOptional().orElse(false)) {
                        var apps = isRunning ? svApps : planned;
                        (isSvApp ? apps : validatorApps).add(world.completed(workload));
                    }
                }
            }
            return Lookup.found(new Facts.Users(List.copyOf(svApps), List.copyOf(planned), List.copyOf(validatorApps)));
        });
    }

    private Lookup<Boolean> runsOn(Workload participant, Workload app, Container container) {
        return address(container)
                .or(() -> world.completed(app).containers().stream()
                        .filter(complete -> complete.index() == container.index())
                        .findFirst()
                        .flatMap(Pairing::address))
                .map(address ->
                        target(address, app.ref().namespace(), MAX_ALIASES).map(target -> target.leadsTo(participant)))
                .orElseGet(() -> Lookup.unknown("the participant address of " + app.ref() + " is "
                        + container.participantAddress().orElseThrow().value().source() + ", which could not be read"));
    }

    private static Optional<String> address(Container container) {
        return container
                .participantAddress()
                .flatMap(variable -> variable.value().text());
    }

    /**
     * Where an address leads.
     *
     * @param selector the labels that the Service selects; empty where there is no such Service
     */
    private record Target(String namespace, String name, Map<String, String> selector) {

        List<Workload> of(SelectableWorkloads workloads) {
            return selector.isEmpty() ? workloads.named(name) : workloads.labelled(selector);
        }

        /**
         * Without a Service, the charts' convention: it is named as the Deployment. The role comes last: where a thousand SVs share a
         * namespace, each is compared with each.
         */
        boolean leadsTo(Workload workload) {
            return workload.ref().namespace().equals(namespace)
                    && (selector.isEmpty()
                            ? workload.ref().name().equals(name)
                            : workload.podLabels().entrySet().containsAll(selector.entrySet()))
                    && !workload.containers(Role.PARTICIPANT).isEmpty();
        }
    }

    private Lookup<Target> target(String address, String namespace, int aliases) {
        var ref = ServiceAddress.service(address, namespace);
        if (ref.isEmpty()) {
            return Lookup.unknown("the address " + address + " names no Service of this cluster");
        }
        var service = world.get(ref.get());
        if (service instanceof Lookup.Absent<JsonNode>) {
            return Lookup.found(new Target(ref.get().namespace(), ref.get().name(), Map.of()));
        }
        return service.then(object -> target(object, ref.get(), aliases));
    }

    private Lookup<Target> target(JsonNode service, ObjectRef ref, int aliases) {
        var spec = service.path("spec");
        var alias = spec.path("externalName").asString("");
        if (spec.path("type").asString("").equals("ExternalName") && !alias.isEmpty()) {
            return aliases == 0
                    ? Lookup.unknown(ref + " is an alias of an alias, too long to follow")
                    : target(alias, ref.namespace(), aliases - 1);
        }
        var selector = new java.util.HashMap<String, String>();
        spec.path("selector")
                .properties()
                .forEach(label -> selector.put(label.getKey(), label.getValue().asString("")));
        return selector.isEmpty()
                ? Lookup.unknown(ref + " has no selector that would tell its pods")
                : Lookup.found(new Target(ref.namespace(), ref.name(), Map.copyOf(selector)));
    }

    /** Of several behind one Service, one on a KMS, so that none is overlooked. */
    private Lookup<Workload> choose(List<Workload> found) {
        var complete = found.stream().map(world::completed).toList();
        return complete.stream()
                .filter(workload -> workload.containers(Role.PARTICIPANT).stream()
                        .flatMap(container -> container.config().cryptos().stream())
                        .anyMatch(CryptoConfig::isKms))
                .findFirst()
                .or(() -> complete.stream().findFirst())
                .map(Lookup::found)
                .orElseGet(Lookup::absent);
    }
}
