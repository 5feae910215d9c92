// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.policy.Lookup;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.ServiceAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Which names and addresses lead to one database server, as far as Services say so: a Service's IP addresses are that
 * Service, and an alias ({@code ExternalName}) is what it is an alias of.
 */
final class DatabaseServers {

    private static final int MAX_ALIASES = 4;

    private final LookupSession world;

    DatabaseServers(LookupSession world) {
        this.world = world;
    }

    /**
     * A database as one of those is spelled, where it is one of them; without its server where a Service that could not be
     * read would tell; else as it is.
     */
    ParticipantDatabase spelledAs(List<ParticipantDatabase> databases, ParticipantDatabase database) {
        if (database.server().isEmpty() || databases.contains(database)) {
            return database;
        }
        var unread = false;
        for (var other : databases) {
            if (other.server().isPresent() && database.at(other.server()).mayBe(other)) {
                var one = areOne(database.server().get(), other.server().get());
                if (one.toOptional().orElse(false)) {
                    return database.at(other.server());
                }
                unread |= one instanceof Lookup.Unknown;
            }
        }
        return unread ? database.at(Optional.empty()) : database;
    }

    /** By the server of a database before, under which other names it is used after. */
    Map<String, Set<String>> shared(List<ParticipantDatabase> before, List<ParticipantDatabase> after) {
        var shared = new HashMap<String, Set<String>>();
        for (var old : before) {
            for (var database : after) {
                if (old.server().isPresent()
                        && database.server().isPresent()
                        && !old.server().equals(database.server())
                        && areOne(old.server().get(), database.server().get())
                                .toOptional()
                                .orElse(false)) {
                    shared.computeIfAbsent(old.server().get(), server -> new TreeSet<>())
                            .add(database.server().get());
                }
            }
        }
        return shared;
    }

    private Lookup<Boolean> areOne(String one, String other) {
        return names(one, MAX_ALIASES)
                .then(names -> names(other, MAX_ALIASES).map(others -> !Collections.disjoint(names, others)));
    }

    /** All that a server is known by. */
    private Lookup<Set<String>> names(String server, int aliases) {
        var ref = ServiceAddress.service(server, "");
        if (ref.isEmpty()) {
            return Lookup.found(Set.of(server));
        }
        var looked = world.get(ref.get());
        if (looked instanceof Lookup.Absent) {
            return Lookup.found(Set.of(server));
        }
        return looked.then(service -> {
            var names = new HashSet<>(addresses(service));
            names.add(server);
            var alias = alias(service, ref.get().namespace());
            if (alias.isEmpty()) {
                return Lookup.found(names);
            }
            if (aliases == 0) {
                return Lookup.unknown(ref.get() + " is an alias of an alias, too long to follow");
            }
            return names(alias.get(), aliases - 1).map(more -> {
                names.addAll(more);
                return names;
            });
        });
    }

    private static Optional<String> alias(JsonNode service, String namespace) {
        var spec = service.path("spec");
        return spec.path("type").asString("").equals("ExternalName")
                ? ParticipantDatabase.server(spec.path("externalName").asString(""), namespace)
                : Optional.empty();
    }

    private static Set<String> addresses(JsonNode service) {
        var spec = service.path("spec");
        var found = new HashSet<String>();
        found.add(spec.path("clusterIP").asString(""));
        spec.path("clusterIPs").forEach(ip -> found.add(ip.asString("")));
        spec.path("externalIPs").forEach(ip -> found.add(ip.asString("")));
        service.path("status").path("loadBalancer").path("ingress").forEach(ingress -> {
            found.add(ingress.path("ip").asString(""));
            found.add(ingress.path("hostname").asString(""));
        });
        found.removeAll(Set.of("", "None"));
        return found;
    }
}
