// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import io.kmsguard.maker.MadeSecret;
import io.kmsguard.policy.Facts;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.Operation;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.policy.Sighting;
import io.kmsguard.splice.CometBftNode;
import io.kmsguard.splice.Container;
import io.kmsguard.splice.CredentialSources;
import io.kmsguard.splice.CryptoConfig;
import io.kmsguard.splice.EnvValue;
import io.kmsguard.splice.EnvVar;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.KmsConfig;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up what the rules and injections need to know of an object's surroundings: the only step that does I/O. */
final class FactGatherer {

    private final SecretNames names;
    private final LookupSession world;
    private final Map<String, Lookup<Workload>> participants = new HashMap<>();
    private final Map<String, Lookup<Workload>> participantsBefore = new HashMap<>();
    private final Map<ObjectRef, Lookup<Map<String, KeyText>>> secrets = new HashMap<>();
    private final Map<ObjectRef, Lookup<Map<String, String>>> accounts = new HashMap<>();
    private Lookup<Facts.Users> users = Facts.NONE.users();
    private Lookup<List<Sighting>> sightings = Facts.NONE.sightings();
    private Lookup<List<Sighting>> remembered = Facts.Earlier.NONE.remembered();

    private FactGatherer(SecretNames names, LookupSession world) {
        this.names = names;
        this.world = world;
    }

    /**
     * What there is to know of a workload, and of what it was before.
     *
     * @param operation an update without a workload before is that workload itself, in its own world: it takes up no database
     */
    static Facts gather(
            Operation operation, Workload workload, Optional<Workload> before, SecretNames names, LookupSession world) {
        var gatherer = new FactGatherer(names, world);
        if (operation != Operation.UPDATE || before.isPresent()) {
            gatherer.ofDatabases(workload, before);
        }
        return gatherer.gather(workload, before);
    }

    private Facts gather(Workload workload, Optional<Workload> before) {
        for (var container : workload.containers()) {
            if (container.is(Role.PARTICIPANT)) {
                ofParticipant(workload, container);
            }
            if (container.is(Role.SV_APP)) {
                ofSvApp(workload, container);
                before.ifPresent(old -> ofMove(old, container));
            }
        }
        return new Facts(
                participants,
                secrets,
                accounts,
                users,
                Facts.KeyUse.NONE,
                sightings,
                hasVaultReference(workload) ? world.mutatingWebhooks() : Lookup.absent(),
                before.map(old -> new DatabaseServers(world).shared(old.databases(), workload.databases()))
                        .orElse(Map.of()),
                new Facts.Earlier(
                        participantsBefore,
                        remembered,
                        before.flatMap(Workload::neverAvailableSince).isPresent()
                                ? world.rememberedSince()
                                : Lookup.absent()),
                makers());
    }

    private static boolean hasVaultReference(Workload workload) {
        for (var container : workload.containers()) {
            for (var variable : container.env()) {
                if (variable.isVaultReference()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Of the Secrets that were looked up. */
    private Map<ObjectRef, MadeSecret> makers() {
        var makers = new HashMap<ObjectRef, MadeSecret>();
        secrets.keySet().forEach(secret -> world.maker(secret).ifPresent(maker -> makers.put(secret, maker)));
        return makers;
    }

    /** Of databases that are taken up, what was last seen in them; of those that are kept, what they were first seen with. */
    private void ofDatabases(Workload workload, Optional<Workload> before) {
        var kept = before.map(Workload::databases).orElse(List.of());
        var taken = workload.databases().stream()
                .filter(database -> kept.stream().noneMatch(database::mayBe))
                .toList();
        if (!taken.isEmpty()) {
            sightings = world.sightings(taken, workload.ref().namespace());
        }
        if (taken.size() < workload.databases().size()) {
            remembered = world.remembered(workload.databases());
        }
    }

    private void ofParticipant(Workload workload, Container container) {
        if (container.config().cryptos().stream().noneMatch(CryptoConfig::isKms)
                && container.config().isJudged()
                && container.config().unseen().isEmpty()) {
            return;
        }
        users = new Pairing(world).users(workload);
        for (var crypto : container.config().cryptos()) {
            crypto.identity().ifPresent(kms -> credentials(kms, workload, container));
        }
    }

    /** Where the credentials come from, and whether what could be injected is there. */
    private void credentials(KmsConfig kms, Workload workload, Container container) {
        var sources = CredentialSources.of(kms, workload, container);
        if (sources.isEmpty()) {
            return;
        }
        var namespace = workload.ref().namespace();
        for (var ref : sources.get().refs()) {
            secrets.computeIfAbsent(new ObjectRef("Secret", namespace, ref.secret()), world::secret);
        }
        if (sources.get().isEmpty() || sources.get().isHalf()) {
            var injected = kms instanceof KmsConfig.Gcp ? names.gcp() : names.aws();
            secrets.computeIfAbsent(new ObjectRef("Secret", namespace, injected), world::secret);
            accounts.computeIfAbsent(
                    new ObjectRef("ServiceAccount", namespace, workload.serviceAccount()), world::serviceAccount);
        }
    }

    private void ofSvApp(Workload workload, Container container) {
        var needed = !container.config().isJudged()
                || container.cometBftNodes().stream().anyMatch(node -> node.enabled() && !node.hasKey());
        if (needed) {
            participant(workload, container).ifPresent(address -> keyFor(workload, address));
        }
        for (var variable : container.env()) {
            if (variable.value() instanceof EnvValue.SecretKey key && isGovernance(variable, container)) {
                secrets.computeIfAbsent(
                        new ObjectRef("Secret", workload.ref().namespace(), key.secret()), world::secret);
            }
        }
    }

    /** Of an SV app whose address changes, the participants on both sides. */
    private void ofMove(Workload before, Container container) {
        for (var old : before.containers(Role.SV_APP)) {
            if (!old.participantAddress()
                    .map(EnvVar::value)
                    .equals(container.participantAddress().map(EnvVar::value))) {
                address(old)
                        .ifPresent(known -> participantsBefore.computeIfAbsent(
                                known,
                                a -> new Pairing(world.earlier())
                                        .participant(a, before.ref().namespace())));
                participant(before, container);
            }
        }
    }

    /** Its address, where that can be read. */
    private Optional<String> participant(Workload workload, Container container) {
        var address = address(container);
        address.ifPresent(known -> participants.computeIfAbsent(
                known, a -> new Pairing(world).participant(a, workload.ref().namespace())));
        return address;
    }

    private static Optional<String> address(Container container) {
        return container
                .participantAddress()
                .flatMap(variable -> variable.value().text());
    }

    /** On a KMS participant an SV app without a governance key may be given one. */
    private void keyFor(Workload svApp, String address) {
        if (participants
                .getOrDefault(address, Lookup.absent())
                .toOptional()
                .filter(participant -> KmsState.of(participant).isKms())
                .isPresent()) {
            secrets.computeIfAbsent(
                    new ObjectRef("Secret", svApp.ref().namespace(), names.governance()), world::secret);
        }
    }

    private static boolean isGovernance(EnvVar variable, Container container) {
        return CometBftNode.ENV_NAMES.contains(variable.name())
                || container.cometBftNodes().stream().anyMatch(node -> node.reads(variable.name()));
    }
}
