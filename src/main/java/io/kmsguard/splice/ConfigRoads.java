// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The roads on which configuration reaches Canton below the {@code ADDITIONAL_CONFIG} env vars: system properties, then the files over
 * the image's own.
 */
final class ConfigRoads {

    private static final ConfigRoads NONE = new ConfigRoads(List.of(), List.of(), List.of());

    private final List<EnvVar> properties;
    private final List<EnvVar> files;
    private final List<ConfigProblem> untold;

    private ConfigRoads(List<EnvVar> properties, List<EnvVar> files, List<ConfigProblem> untold) {
        this.properties = properties;
        this.files = files;
        this.untold = untold;
    }

    static ConfigRoads of(Environment env) {
        var launch = env.launch();
        if (launch.isUsual() && JvmOptions.NAMES.stream().noneMatch(env::has)) {
            return NONE;
        }
        var options = JvmOptions.read(env);
        var files = new ArrayList<EnvVar>();
        var untold = new ArrayList<>(options.untold());
        if (launch.isUnknown()) {
            untold.add(new ConfigProblem(
                    "command (digest " + digest(launch) + ")",
                    "replaces the image's entry point, so which configuration reaches Canton cannot be determined",
                    "leave command out, and set what it sets by env"));
        }
        for (var file : launch.files()) {
            if (file.text().isPresent() && ConfigFiles.TEXTS.contains(file.path())) {
                files.add(file.asVariable());
            } else {
                untold.add(new ConfigProblem(
                        file.path(),
                        "is " + file.source()
                                + ", which cannot be read, so which configuration reaches Canton cannot be"
                                + " determined",
                        "write canton settings into an ADDITIONAL_CONFIG env var with a plain value"));
            }
        }
        return new ConfigRoads(options.texts(), List.copyOf(files), List.copyOf(untold));
    }

    /** Another command is another reason not to know; the words of it may hold a secret. */
    private static String digest(Launch launch) {
        return Digests.of(String.join("\0", launch.command())).substring(0, 8);
    }

    boolean isEmpty() {
        return properties.isEmpty() && files.isEmpty() && untold.isEmpty();
    }

    /** What of it can be read, in the order in which later ones win. */
    List<EnvVar> texts() {
        return Stream.concat(properties.stream(), files.stream()).toList();
    }

    /** What of it cannot be read. */
    List<ConfigProblem> untold() {
        return untold;
    }

    /** Files that say otherwise than what wins over them: whether a participant is on a KMS is written twice, and once in vain. */
    List<ConfigProblem> contradictions(ConfigReading all, Environment env, CantonLine line) {
        var found = new ArrayList<ConfigProblem>();
        for (var file : files) {
            for (var crypto :
                    HoconReader.read(HoconText.of(List.of(file)), env, line).cryptos()) {
                var wins = all.cryptos().stream()
                        .filter(other -> other.path().equals(crypto.path()))
                        .findFirst();
                if (crypto.provider().isPresent()
                        && wins.filter(other -> other.isKms() != crypto.isKms()).isPresent()) {
                    found.add(new ConfigProblem(
                            crypto.path() + ".provider",
                            "is set by " + file.name() + " from " + file.value().source()
                                    + " and set otherwise by what Canton reads behind it",
                            "write it in one place"));
                }
            }
        }
        return found;
    }
}
