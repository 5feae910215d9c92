// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Companions;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestReader.Reading;
import io.kmsguard.admission.ManifestSurroundings;
import io.kmsguard.policy.Facts;
import io.kmsguard.policy.KmsState;
import io.kmsguard.policy.Lookup;
import io.kmsguard.policy.SecretNames;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.ParticipantDatabase;
import io.kmsguard.splice.Role;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whom a plan is about: looks up the names around an object that is refused. */
final class PlanNames {

    private final Companions companions;
    private final Companions companionsBefore;
    private final Map<ObjectRef, Manifest> before = new HashMap<>();
    private final String defaultNamespace;
    private final SecretNames secrets;

    PlanNames(Reading now, Reading old, String defaultNamespace, SecretNames secrets) {
        var deadline = Deadline.none();
        this.companions =
                new Companions(ManifestSurroundings.of(now.manifests(), old.manifests(), defaultNamespace), deadline);
        this.companionsBefore =
                new Companions(ManifestSurroundings.of(old.manifests(), List.of(), defaultNamespace), deadline);
        this.defaultNamespace = defaultNamespace;
        this.secrets = secrets;
        old.manifests().forEach(manifest -> before.put(manifest.ref(defaultNamespace), manifest));
    }

    /**
     * The old SV or validator, and what the new one shall be.
     *
     * @param namespace where the old one is
     * @param participant the old participant; empty where it was not in the input
     * @param database where the old participant keeps its identity
     * @param kms which KMS the new participant shall be on; empty for none
     * @param svApps the SV apps on the old participant
     * @param validatorApps the validator apps on it
     * @param secrets how the Secrets are named
     */
    record Cast(
            String namespace,
            Optional<Workload> participant,
            List<String> database,
            Optional<String> kms,
            List<Workload> svApps,
            List<Workload> validatorApps,
            SecretNames secrets) {

        /** Whether it is a validator's participant, which no SV app runs on. */
        boolean isValidator() {
            return svApps.isEmpty() && !validatorApps.isEmpty();
        }
    }

    /** Those of a participant or SV app that is refused; empty where it cannot be read. */
    Optional<Cast> cast(Manifest manifest) {
        return workload(manifest).map(now -> {
            var was = Optional.ofNullable(before.get(manifest.ref(defaultNamespace)))
                    .flatMap(this::workload);
            if (now.containers(Role.PARTICIPANT).isEmpty()) {
                return ofSvApp(now, was.orElse(now));
            }
            return was.isPresent() ? ofParticipant(now, was, companions.users(now)) : ofNewParticipant(now);
        });
    }

    /** One that takes over a database: what runs is the participant that has had it. */
    private Cast ofNewParticipant(Workload now) {
        var taken = now.databases();
        var old = before.values().stream()
                .flatMap(manifest -> workload(manifest).stream())
                .filter(workload -> workload.databases().stream()
                        .anyMatch(database -> taken.stream().anyMatch(database::mayBe)))
                .findFirst();
        return ofParticipant(now, old, old.map(companionsBefore::users).orElseGet(Lookup::absent));
    }

    private Cast ofParticipant(Workload now, Optional<Workload> was, Lookup<Facts.Users> runOnIt) {
        var users = runOnIt.toOptional().orElseGet(() -> new Facts.Users(List.of(), List.of(), List.of()));
        return new Cast(
                was.orElse(now).ref().namespace(),
                was,
                databases(was.orElse(now)),
                kms(now),
                Stream.concat(users.svApps().stream(), users.planned().stream()).toList(),
                users.validatorApps(),
                secrets);
    }

    private Cast ofSvApp(Workload now, Workload was) {
        var old = address(was)
                .flatMap(address -> companionsBefore
                        .participant(address, was.ref().namespace())
                        .toOptional());
        var wanted = address(now)
                .flatMap(address ->
                        companions.participant(address, now.ref().namespace()).toOptional());
        return new Cast(
                now.ref().namespace(),
                old,
                old.map(PlanNames::databases).orElse(List.of()),
                wanted.flatMap(PlanNames::kms),
                List.of(now),
                List.of(),
                secrets);
    }

    private static Optional<String> address(Workload svApp) {
        return svApp.containers(Role.SV_APP).stream()
                .flatMap(container -> container.participantAddress().stream())
                .flatMap(variable -> variable.value().text().stream())
                .findFirst();
    }

    private static List<String> databases(Workload participant) {
        return participant.databases().stream()
                .map(ParticipantDatabase::describe)
                .distinct()
                .toList();
    }

    private static Optional<String> kms(Workload participant) {
        return participant.containers(Role.PARTICIPANT).stream()
                .map(KmsState::of)
                .filter(KmsState::isKms)
                .map(KmsState::describe)
                .findFirst();
    }

    /** As a workload; empty where it is none or cannot be read. */
    Optional<Workload> workload(Manifest manifest) {
        var reading = WorkloadReader.read(
                manifest.object(), manifest.ref(defaultNamespace).namespace());
        return reading instanceof WorkloadReader.Reading.Read read ? Optional.of(read.workload()) : Optional.empty();
    }
}
