// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Facts;
import io.kmsguard.policy.GovernanceKeys;
import io.kmsguard.policy.GovernanceRefs;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.ServiceAddress;
import io.kmsguard.splice.Workload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks up who uses the governance key under review. The key itself stays here: facts name it by its fingerprint. */
final class KeyUses {

    /** So many of one namespace are more than can be right. */
    private static final int MOST = 50;

    private final SecretNames names;
    private final LookupSession world;
    private final Map<GovernanceKeys, Optional<String>> known = new HashMap<>();

    /** The Secrets whose content counts: what the object under review reads, and those with the same key. */
    private final Map<ObjectRef, Optional<Map<String, KeyText>>> contents = new HashMap<>();

    private final Set<String> fingerprints = new LinkedHashSet<>();
    private final Set<String> namespaces = new LinkedHashSet<>();

    private KeyUses(SecretNames names, LookupSession world) {
        this.names = names;
        this.world = world;
    }

    /** Of a Secret that is deleted: whether anybody minds. */
    static Facts.KeyUse ofDeletion(GovernanceSecret secret, LookupSession world) {
        var namespace = secret.ref().namespace();
        var terminating = world.isTerminating(namespace);
        return new Facts.KeyUse(
                terminating,
                terminating.toOptional().orElse(false) ? Lookup.found(List.of()) : svApps(namespace, world),
                Facts.KeyUse.NONE.users());
    }

    /** Of a Secret that is created or changed: who reads it, and who else has its key. */
    static Facts.KeyUse of(GovernanceSecret secret, SecretNames names, LookupSession world) {
        var uses = new KeyUses(names, world);
        uses.contents.put(secret.ref(), Optional.of(secret.keys()));
        uses.namespaces.add(secret.ref().namespace());
        GovernanceKeys.of(secret, names).ownersFingerprint().ifPresent(uses.fingerprints::add);
        return new Facts.KeyUse(
                Facts.KeyUse.NONE.terminating(), svApps(secret.ref().namespace(), world), uses.users(Optional.empty()));
    }

    /**
     * Of an SV app: who else has its keys.
     *
     * @param facts with the Secrets that it reads
     */
    static Facts.KeyUse of(Workload workload, Facts facts, SecretNames names, LookupSession world) {
        var uses = new KeyUses(names, world);
        for (var container : workload.containers(Role.SV_APP)) {
            for (var ref : GovernanceRefs.of(container)) {
                var secret = new ObjectRef("Secret", workload.ref().namespace(), ref.secret());
                uses.contents.put(secret, facts.secretTexts(secret));
                uses.namespaces.add(secret.namespace());
            }
            uses.fingerprints.addAll(uses.fingerprints(workload, container));
        }
        return new Facts.KeyUse(
                Facts.KeyUse.NONE.terminating(), Facts.KeyUse.NONE.svApps(), uses.users(Optional.of(workload)));
    }

    private static Lookup<List<Workload>> svApps(String namespace, LookupSession world) {
        return world.workloads(namespace)
                .map(workloads -> workloads.stream()
                        .map(world::completed)
                        .filter(workload -> !workload.containers(Role.SV_APP).isEmpty())
                        .toList());
    }

    private Set<String> fingerprints(Workload workload, Container container) {
        return GovernanceKeys.of(
                        container,
                        workload.ref().namespace(),
                        secret -> contents.getOrDefault(secret, Optional.empty()))
                .stream()
                .flatMap(keys -> known.computeIfAbsent(keys, GovernanceKeys::ownersFingerprint).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Lookup<List<Facts.KeyUser>> users(Optional<Workload> own) {
        if (fingerprints.isEmpty()) {
            return Lookup.found(List.of());
        }
        return world.holders(Set.copyOf(fingerprints), names).then(holders -> {
            for (var holder : holders) {
                contents.putIfAbsent(holder.ref(), Optional.of(holder.keys()));
                namespaces.add(holder.ref().namespace());
            }
            var holding = new ArrayList<Holding>();
            own.ifPresent(workload -> holding.addAll(holdings(workload)));
            for (var namespace : namespaces) {
                var workloads = world.workloads(namespace);
                if (workloads instanceof Lookup.Unknown<List<Workload>> unknown) {
                    return Lookup.unknown(unknown.why());
                }
                workloads.toOptional().orElse(List.of()).stream()
                        .filter(workload -> own.filter(it -> it.ref().equals(workload.ref()))
                                .isEmpty())
                        .flatMap(workload -> holdings(world.completed(workload)).stream())
                        .limit(MOST)
                        .forEach(holding::add);
            }
            return Lookup.found(users(holding));
        });
    }

    /** A container that has one of the keys. */
    private record Holding(Workload svApp, Container container, String fingerprint) {}

    private List<Holding> holdings(Workload svApp) {
        return svApp.containers(Role.SV_APP).stream()
                .flatMap(container -> fingerprints(svApp, container).stream()
                        .filter(fingerprints::contains)
                        .map(fingerprint -> new Holding(svApp, container, fingerprint)))
                .toList();
    }

    /** With their participants, which are looked for only where there is more than one user. */
    private List<Facts.KeyUser> users(List<Holding> holding) {
        var several = holding.stream()
                        .map(each ->
                                List.of(each.svApp().ref(), each.container().index()))
                        .distinct()
                        .count()
                > 1;
        return holding.stream()
                .map(each -> new Facts.KeyUser(
                        each.svApp().ref(),
                        each.container().name(),
                        each.fingerprint(),
                        several
                                ? participant(each.svApp(), each.container())
                                : Lookup.unknown("nobody looked for the participant of the only user")))
                .toList();
    }

    private Lookup<ObjectRef> participant(Workload svApp, Container container) {
        var variable = container.participantAddress();
        var address = variable.map(EnvVar::value).flatMap(value -> value.text());
        if (address.isEmpty()) {
            return Lookup.unknown(variable.map(v -> "the participant address of " + svApp.ref() + " is "
                            + v.value().source() + ", which could not be read")
                    .orElseGet(() -> svApp.ref() + " names no participant"));
        }
        var namespace = svApp.ref().namespace();
        var participant = new Pairing(world).participant(address.get(), namespace);
        return participant instanceof Lookup.Absent<Workload>
                ? ServiceAddress.service(address.get(), namespace)
                        .map(Lookup::found)
                        .orElseGet(Lookup::absent)
                : participant.map(Workload::ref);
    }
}
