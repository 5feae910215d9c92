// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

import io.kmsguard.maker.MadeSecret;
import io.kmsguard.splice.KeyText;
import io.kmsguard.splice.ObjectRef;
import io.kmsguard.splice.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was looked up before judging. What a rule asks for and nobody looked up is unknown, so that a forgotten lookup
 * refuses instead of letting pass.
 *
 * @param participants the participant behind an address, by the address as an SV app or validator app writes it
 * @param secrets the text of each key of a Secret, by the Secret
 * @param serviceAccounts the annotations of a ServiceAccount
 * @param users which SV apps and validator apps run on the participant under review
 * @param keyUse who uses the governance key under review
 * @param sightings what was last seen in the databases that the participant under review takes up
 * @param mutatingWebhooks the names of what injects beside the guard; {@link Lookup.Absent} where nobody had to ask
 * @param servers by the server of a database before an update, under which other names and addresses it is used after it
 * @param earlier what was looked up in the world before the change
 * @param makers by whom the Secrets will be made that are not there
 */
public record Facts(
        Map<String, Lookup<Workload>> participants,
        Map<ObjectRef, Lookup<Map<String, KeyText>>> secrets,
        Map<ObjectRef, Lookup<Map<String, String>>> serviceAccounts,
        Lookup<Users> users,
        KeyUse keyUse,
        Lookup<List<Sighting>> sightings,
        Lookup<List<String>> mutatingWebhooks,
        Map<String, Set<String>> servers,
        Earlier earlier,
        Map<ObjectRef, MadeSecret> makers) {

    /** Facts of an object for which nothing had to be looked up. */
    public static final Facts NONE = new Facts(
            Map.of(),
            Map.of(),
            Map.of(),
            Lookup.unknown("nobody looked for SV apps"),
            KeyUse.NONE,
            Lookup.unknown("nobody looked for other participants on its database"),
            Lookup.absent(),
            Map.of(),
            Earlier.NONE,
            Map.of());

    /**
     * What was so before the change.
     *
     * @param participants the participant that was behind an address of the SV app
     * @param remembered what the databases that the participant keeps were first seen with
     * @param rememberedSince since when the guard remembers what runs; {@link Lookup.Absent} where nobody had to ask
     */
    public record Earlier(
            Map<String, Lookup<Workload>> participants,
            Lookup<List<Sighting>> remembered,
            Lookup<Instant> rememberedSince) {

        /** Nobody looked, and nothing is remembered. */
        public static final Earlier NONE = new Earlier(Map.of(), Lookup.found(List.of()), Lookup.absent());

        /** The workload that an address led to. */
        public Lookup<Workload> participant(String address) {
            return participants.getOrDefault(address, Lookup.unknown("nobody looked up the address " + address));
        }
    }

    /**
     * The apps on a participant.
     *
     * @param svApps SV apps that run on it
     * @param planned SV apps that are applied along with it, which get reviews of their own
     * @param validatorApps validator apps, running or not
     */
    public record Users(List<Workload> svApps, List<Workload> planned, List<Workload> validatorApps) {

        public boolean isEmpty() {
            return svApps.isEmpty() && planned.isEmpty() && validatorApps.isEmpty();
        }
    }

    /**
     * Who uses a governance key.
     *
     * @param terminating whether the namespace of the Secret that is deleted is itself being deleted, or is gone
     * @param svApps the SV apps in the namespace of the Secret under review, that read it or not
     * @param users the SV apps of any namespace that have the key under review, among them the one under review; never
     *     {@link Lookup.Absent}
     */
    public record KeyUse(Lookup<Boolean> terminating, Lookup<List<Workload>> svApps, Lookup<List<KeyUser>> users) {

        /** Nobody looked. */
        public static final KeyUse NONE = new KeyUse(
                Lookup.unknown("nobody looked up the namespace"),
                Lookup.unknown("nobody looked for SV apps that read it"),
                Lookup.unknown("nobody looked for SV apps with its key"));
    }

    /**
     * One SV app with a governance key.
     *
     * @param container which container of it
     * @param fingerprint tells the key from others
     * @param participant what it runs on: an SV is its participant, whatever its address is spelt like; the Service where
     *     no Deployment or StatefulSet is seen behind it
     */
    public record KeyUser(ObjectRef svApp, String container, String fingerprint, Lookup<ObjectRef> participant) {}

    /** The same facts with these on governance keys. */
    public Facts with(KeyUse use) {
        return new Facts(
                participants,
                secrets,
                serviceAccounts,
                users,
                use,
                sightings,
                mutatingWebhooks,
                servers,
                earlier,
                makers);
    }

    /** The same facts with what the databases of the object under review are remembered with. */
    public Facts with(Lookup<List<Sighting>> remembered) {
        return new Facts(
                participants,
                secrets,
                serviceAccounts,
                users,
                keyUse,
                sightings,
                mutatingWebhooks,
                servers,
                new Earlier(earlier.participants(), remembered, earlier.rememberedSince()),
                makers);
    }

    /** Whether both are names or addresses of one database server. */
    public boolean isOneServer(String before, String after) {
        return before.equals(after) || servers.getOrDefault(before, Set.of()).contains(after);
    }

    /** The workload that an address leads to. */
    public Lookup<Workload> participant(String address) {
        return participants.getOrDefault(address, Lookup.unknown("nobody looked up the address " + address));
    }

    /** The keys of a Secret, decoded from base64. */
    public Lookup<Map<String, KeyText>> secret(ObjectRef ref) {
        return secrets.getOrDefault(ref, Lookup.unknown("nobody looked up " + ref));
    }

    /** By whom a Secret that is not there will be made; empty where nobody is seen to. */
    public Optional<MadeSecret> maker(ObjectRef secret) {
        return Optional.ofNullable(makers.get(secret));
    }

    /** The texts of a Secret by key; empty where it is not there or could not be read. */
    public Optional<Map<String, KeyText>> secretTexts(ObjectRef ref) {
        return secret(ref).toOptional();
    }

    /** The text under one key of a Secret; empty where it is not there or could not be read. */
    public Optional<KeyText> secretText(ObjectRef ref, String key) {
        return secret(ref).toOptional().flatMap(keys -> Optional.ofNullable(keys.get(key)));
    }

    /** The annotations of a ServiceAccount; empty where it has none. */
    public Lookup<Map<String, String>> serviceAccount(ObjectRef ref) {
        return serviceAccounts.getOrDefault(ref, Lookup.unknown("nobody looked up " + ref));
    }
}
