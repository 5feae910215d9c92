// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.splice.GovernanceSecret;
import io.kmsguard.splice.GuardedObject;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.KmsDrivers;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a rule judges, with the facts that a test gives. Each change gives a new one. */
public final class Subjects {

    private final Subject subject;

    private Subjects(Subject subject) {
        this.subject = subject;
    }

    /** A workload that is created, with nothing around it. */
    public static Subjects creationOf(Workloads workload) {
        return creationOf(workload.read());
    }

    /** The same of one that was read. */
    public static Subjects creationOf(Workload workload) {
        return of(Operation.CREATE, workload, Optional.empty());
    }

    /** A workload that is changed, with nothing around it. */
    public static Subjects change(Workloads before, Workloads after) {
        return of(Operation.UPDATE, after.read(), Optional.of(before.read()));
    }

    /** A governance Secret that is created. */
    public static Subjects creationOfSecret(Map<String, String> texts) {
        return of(Operation.CREATE, secret(texts), Optional.empty());
    }

    /** A governance Secret whose content is changed. */
    public static Subjects changeOfSecret(Map<String, String> before, Map<String, String> after) {
        return of(Operation.UPDATE, secret(after), Optional.of(secret(before)));
    }

    /** A governance Secret that is deleted. */
    public static Subjects deletionOfSecret(Map<String, String> texts) {
        return deletionOfSecret(secret(texts));
    }

    /** The same of one that was read. */
    public static Subjects deletionOfSecret(GovernanceSecret secret) {
        return of(Operation.DELETE, secret, Optional.empty());
    }

    private static GovernanceSecret secret(Map<String, String> texts) {
        return GovernanceSecret.read(Workloads.secret("sv", Workloads.SECRET, texts), "sv");
    }

    private static Subjects of(Operation operation, GuardedObject object, Optional<GuardedObject> before) {
        var facts = new Facts(
                Map.of(),
                Map.of(),
                Map.of(),
                Lookup.found(new Facts.Users(List.of(), List.of(), List.of())),
                new Facts.KeyUse(Lookup.found(false), Lookup.found(List.of()), Lookup.found(List.of())),
                Lookup.found(List.of()),
                Lookup.absent(),
                Map.of(),
                Facts.Earlier.NONE,
                Map.of());
        return new Subjects(new Subject(operation, object, before, false, SecretNames.DEFAULT, KmsDrivers.NONE, facts));
    }

    public Subjects withParticipant(String address, Workloads participant) {
        return withParticipant(address, Lookup.found(participant.read()));
    }

    /** Behind an address, before and after. */
    public Subjects withParticipant(String address, Lookup<Workload> participant) {
        var all = new HashMap<>(subject.facts().participants());
        all.put(address, participant);
        return with(new Facts(
                        all,
                        subject.facts().secrets(),
                        subject.facts().serviceAccounts(),
                        subject.facts().users(),
                        subject.facts().keyUse(),
                        subject.facts().sightings(),
                        subject.facts().mutatingWebhooks(),
                        subject.facts().servers(),
                        subject.facts().earlier(),
                        subject.facts().makers()))
                .withParticipantBefore(address, participant);
    }

    public Subjects withSecret(String name, Map<String, String> texts) {
        return withSecret(
                name,
                Lookup.found(texts.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> KeyText.of(entry.getValue())))));
    }

    public Subjects withSecret(String name, Lookup<Map<String, KeyText>> secret) {
        var all = new HashMap<>(subject.facts().secrets());
        all.put(new ObjectRef("Secret", "sv", name), secret);
        return with(new Facts(
                subject.facts().participants(),
                all,
                subject.facts().serviceAccounts(),
                subject.facts().users(),
                subject.facts().keyUse(),
                subject.facts().sightings(),
                subject.facts().mutatingWebhooks(),
                subject.facts().servers(),
                subject.facts().earlier(),
                subject.facts().makers()));
    }

    public Subjects withServiceAccount(String name, Lookup<Map<String, String>> annotations) {
        var all = new HashMap<>(subject.facts().serviceAccounts());
        all.put(new ObjectRef("ServiceAccount", "sv", name), annotations);
        return with(new Facts(
                subject.facts().participants(),
                subject.facts().secrets(),
                all,
                subject.facts().users(),
                subject.facts().keyUse(),
                subject.facts().sightings(),
                subject.facts().mutatingWebhooks(),
                subject.facts().servers(),
                subject.facts().earlier(),
                subject.facts().makers()));
    }

    /** The SV apps that run on the participant under review. */
    public Subjects withSvApps(Workloads... svApps) {
        var all = java.util.Arrays.stream(svApps).map(Workloads::read).toList();
        return withUsers(Lookup.found(new Facts.Users(all, List.of(), List.of())));
    }

    public Subjects withUsers(Lookup<Facts.Users> users) {
        return with(new Facts(
                subject.facts().participants(),
                subject.facts().secrets(),
                subject.facts().serviceAccounts(),
                users,
                subject.facts().keyUse(),
                subject.facts().sightings(),
                subject.facts().mutatingWebhooks(),
                subject.facts().servers(),
                subject.facts().earlier(),
                subject.facts().makers()));
    }

    public Subjects withKeyUse(Facts.KeyUse use) {
        return with(subject.facts().with(use));
    }

    /** What was last seen in the databases that it takes up. */
    public Subjects withSightings(Lookup<List<Sighting>> sightings) {
        return with(new Facts(
                subject.facts().participants(),
                subject.facts().secrets(),
                subject.facts().serviceAccounts(),
                subject.facts().users(),
                subject.facts().keyUse(),
                sightings,
                subject.facts().mutatingWebhooks(),
                subject.facts().servers(),
                subject.facts().earlier(),
                subject.facts().makers()));
    }

    /** What injects beside the guard. */
    public Subjects withWebhooks(Lookup<List<String>> webhooks) {
        return with(new Facts(
                subject.facts().participants(),
                subject.facts().secrets(),
                subject.facts().serviceAccounts(),
                subject.facts().users(),
                subject.facts().keyUse(),
                subject.facts().sightings(),
                webhooks,
                subject.facts().servers(),
                subject.facts().earlier(),
                subject.facts().makers()));
    }

    /** Under which other names the servers of its databases are used. */
    public Subjects withServers(Map<String, Set<String>> servers) {
        return with(new Facts(
                subject.facts().participants(),
                subject.facts().secrets(),
                subject.facts().serviceAccounts(),
                subject.facts().users(),
                subject.facts().keyUse(),
                subject.facts().sightings(),
                subject.facts().mutatingWebhooks(),
                servers,
                subject.facts().earlier(),
                subject.facts().makers()));
    }

    /** What the databases that it keeps were first seen with. */
    public Subjects withRemembered(Sighting... sightings) {
        return withEarlier(new Facts.Earlier(
                subject.facts().earlier().participants(),
                Lookup.found(List.of(sightings)),
                subject.facts().earlier().rememberedSince()));
    }

    /** The participant that was behind an address before the change. */
    public Subjects withParticipantBefore(String address, Lookup<Workload> participant) {
        var all = new HashMap<>(subject.facts().earlier().participants());
        all.put(address, participant);
        return withEarlier(new Facts.Earlier(
                all,
                subject.facts().earlier().remembered(),
                subject.facts().earlier().rememberedSince()));
    }

    /** Since when what runs is remembered. */
    public Subjects withRememberedSince(Lookup<Instant> since) {
        return withEarlier(new Facts.Earlier(
                subject.facts().earlier().participants(),
                subject.facts().earlier().remembered(),
                since));
    }

    private Subjects withEarlier(Facts.Earlier earlier) {
        return with(new Facts(
                subject.facts().participants(),
                subject.facts().secrets(),
                subject.facts().serviceAccounts(),
                subject.facts().users(),
                subject.facts().keyUse(),
                subject.facts().sightings(),
                subject.facts().mutatingWebhooks(),
                subject.facts().servers(),
                earlier,
                subject.facts().makers()));
    }

    private Subjects with(Facts facts) {
        return new Subjects(new Subject(
                subject.operation(),
                subject.object(),
                subject.before(),
                subject.partial(),
                subject.names(),
                subject.drivers(),
                facts));
    }

    /** By a policy that says of a KMS driver which settings decide where its keys are. */
    public Subjects withDriver(String name, String... identity) {
        return new Subjects(new Subject(
                subject.operation(),
                subject.object(),
                subject.before(),
                subject.partial(),
                subject.names(),
                new KmsDrivers(Map.of(name, List.of(identity))),
                subject.facts()));
    }

    public Subject subject() {
        return subject;
    }
}
