// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One container of a workload, as it will run.
 *
 * @param index its place among {@link Workload#containers}
 * @param path where it stands in the object, as a JSON pointer
 * @param environment the env vars that its process gets
 * @param config what its HOCON says
 * @param roles what it runs; empty for a container that is none of the guard's business
 * @param cometBftNodes the synchronizer nodes of its SV app as far as CometBFT goes, one for each app and name: of all
 *     forms of configuration taken together, the switch {@link #COMETBFT_ENABLED} included
 * @param hasEnv whether the manifest has an {@code env} list to add to
 * @param mounts where volumes are mounted
 * @param hasMounts whether the manifest has a {@code volumeMounts} list to add to
 */
public record Container(
        int index,
        String path,
        String name,
        Image image,
        Environment environment,
        AdditionalConfig config,
        Set<Role> roles,
        List<CometBftNode> cometBftNodes,
        boolean hasEnv,
        List<Mount> mounts,
        boolean hasMounts) {

    /**
     * One entry of {@code volumeMounts}.
     *
     * @param volume the volume's name
     * @param subPath the one file or folder of the volume that is mounted; empty for all of it
     */
    public record Mount(String volume, String path, String subPath) {}

    /** The env var with which every release switches on CometBFT for node {@code current} (the image's app.conf). */
    public static final String COMETBFT_ENABLED = "SPLICE_APP_SV_COMETBFT_ENABLED";

    private static final String SV_ADDRESS = "SPLICE_APP_SV_PARTICIPANT_ADDRESS";
    private static final String VALIDATOR_ADDRESS = "SPLICE_APP_VALIDATOR_PARTICIPANT_ADDRESS";

    /** The env vars whose value matters whatever the configuration says. */
    private static final Set<String> WANTED = Stream.of(
                    List.of(SV_ADDRESS, VALIDATOR_ADDRESS, COMETBFT_ENABLED),
                    JvmOptions.NAMES,
                    ParticipantDatabase.ENV_NAMES)
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableSet());

    /** Its env vars in order, {@code $(VAR)} expanded; a name that stands twice is there twice. */
    public List<EnvVar> env() {
        return environment.written();
    }

    /** What else gives it env vars, below {@code env} in precedence. */
    public List<EnvFrom> envFrom() {
        return environment.sources();
    }

    /** The env var of that name, from {@code env} or an {@code envFrom} that was looked up; of several, the last. */
    public Optional<EnvVar> env(String name) {
        return environment.get(name);
    }

    public boolean is(Role role) {
        return roles.contains(role);
    }

    /** What is mounted at a file, or at the nearest folder above it. */
    public Optional<Mount> mountOf(String file) {
        return mounts.stream()
                .filter(mount -> file.equals(mount.path()) || file.startsWith(mount.path() + "/"))
                .max(Comparator.comparingInt(mount -> mount.path().length()));
    }

    /** Whether it is an init container, which runs beside the others where its {@code restartPolicy} is {@code Always}. */
    public boolean isInit() {
        return path.contains("/initContainers/");
    }

    /** The env var with the address of the participant that an SV app or validator app runs on. */
    public Optional<EnvVar> participantAddress() {
        return configuredAddress().or(() -> env(SV_ADDRESS)).or(() -> env(VALIDATOR_ADDRESS));
    }

    /** Each address of the participant that it is given, those of the admin API and of the ledger API, which should lead to one. */
    public List<String> participantAddresses() {
        var other = env(SV_ADDRESS)
                .or(() -> env(VALIDATOR_ADDRESS))
                .flatMap(variable -> variable.value().text());
        var clients = config.reading().clients();
        return clients.isEmpty()
                ? other.stream().toList()
                : clients.stream()
                        .flatMap(client -> Stream.of(
                                client.admin().or(() -> other), client.ledger().or(() -> other)))
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList();
    }

    /** What its own HOCON says wins over what the image's {@code app.conf} makes of the env var. */
    private Optional<EnvVar> configuredAddress() {
        return config.reading().clients().stream()
                .findFirst()
                .flatMap(ParticipantClient::any)
                .map(address -> new EnvVar("participant-client", new EnvValue.Literal(address), path + "/env"));
    }

    /** Which ConfigMaps and Secrets its configuration depends on. */
    Set<ObjectRef> references(String namespace) {
        var found = new LinkedHashSet<ObjectRef>();
        if (!couldHaveRole()) {
            return found;
        }
        for (var source : environment.sources()) {
            found.add(new ObjectRef(source.kind(), namespace, source.name()));
        }
        found.addAll(environment.launch().references(namespace, included()));
        for (var variable : environment.written()) {
            var reference = Environment.reference(variable.value(), namespace);
            if (reference.isPresent() && isWanted(variable.name())) {
                found.add(reference.get());
            }
        }
        return found;
    }

    /** Whether {@link #wanted} has the name, without making all of them where no value holds a part of another. */
    private boolean isWanted(String name) {
        return environment.hasTemplates() ? wanted().contains(name) : isWantedByItself(name);
    }

    private boolean isWantedByItself(String name) {
        return WANTED.contains(name)
                || name.startsWith(AdditionalConfig.PREFIX)
                || name.startsWith(JvmOptions.FORCE)
                || config.reading().substituted().contains(name)
                || config.reading().storages().stream()
                        .anyMatch(storage -> storage.names().contains(name));
    }

    /** The same container with what was looked up put in, and read again. */
    Container completed(String namespace, Function<ObjectRef, Optional<Map<String, String>>> data, CantonLine line) {
        if (references(namespace).isEmpty()) {
            return this;
        }
        return in(environment.completed(path, namespace, wanted(), included(), data), line);
    }

    /**
     * The same container with env vars behind its own, and read again.
     *
     * @param version of its workload
     */
    public Container with(List<EnvVar> added, Optional<SpliceVersion> version) {
        return in(environment.with(added), Releases.canton(version));
    }

    private Container in(Environment other, CantonLine line) {
        var read = AdditionalConfig.read(other, line);
        var known = Role.of(name, image, other, read.reading());
        return new Container(
                index,
                path,
                name,
                image,
                other,
                read,
                known,
                CometBftNodes.merged(read.reading().blocks(), other, known.contains(Role.SV_APP)),
                hasEnv,
                mounts,
                hasMounts);
    }

    /** The paths of the files that its configuration includes. */
    Set<String> included() {
        if (config.reading().included().isEmpty()) {
            return Set.of();
        }
        return config.reading().included().stream()
                .map(Include::path)
                .filter(path -> !path.isEmpty())
                .collect(Collectors.toSet());
    }

    private Set<String> wanted() {
        var names = new LinkedHashSet<>(WANTED);
        names.addAll(config.reading().substituted());
        config.reading().storages().forEach(storage -> names.addAll(storage.names()));
        for (var variable : environment.written()) {
            if (isWantedByItself(variable.name())) {
                names.add(variable.name());
            }
        }
        return environment.withTheirParts(names);
    }

    /** With no evidence of a role, something that names Splice or Canton is enough to look further, as are env vars all at once. */
    private boolean couldHaveRole() {
        if (!roles.isEmpty() || !environment.sources().isEmpty()) {
            return true;
        }
        var imageName = image.name().toLowerCase(Locale.ROOT);
        if (imageName.contains("canton") || imageName.contains("splice") || imageName.contains("participant")) {
            return true;
        }
        for (var variable : environment.written()) {
            if (variable.name().startsWith(AdditionalConfig.PREFIX)) {
                return true;
            }
        }
        return false;
    }
}
