// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The HOCON that reaches the node: the image's entrypoint concatenates every env var that starts with
 * {@code ADDITIONAL_CONFIG}, in alphabetical order of the names, as one text.
 */
public final class AdditionalConfig {

    /** What the names of such env vars start with. */
    public static final String PREFIX = "ADDITIONAL_CONFIG";

    private final ConfigReading reading;
    private final Optional<EnvVar> culprit;
    private final List<String> unseen;

    private AdditionalConfig(ConfigReading reading, Optional<EnvVar> culprit, List<String> unseen) {
        this.reading = reading;
        this.culprit = culprit;
        this.unseen = unseen;
    }

    /**
     * Reads a container's configuration.
     *
     * @param effective its env vars by name
     * @param envFrom sources of env vars that were not read
     */
    static AdditionalConfig read(Map<String, EnvVar> effective, List<EnvFrom> envFrom) {
        var seen = new ArrayList<EnvVar>();
        var unseen = new ArrayList<String>();
        for (var variable : new TreeMap<>(effective).values()) {
            if (!variable.name().startsWith(PREFIX) || !variable.isShellIdentifier()) {
                continue;
            }
            if (variable.value().text().isPresent()) {
                seen.add(variable);
            } else {
                unseen.add(variable.name() + " from " + variable.value().source());
            }
        }
        envFrom.forEach(source -> unseen.add(source.toString()));
        var text = new StringBuilder();
        seen.forEach(variable -> text.append(variable.value().text().orElse("")).append('\n'));
        var reading = HoconReader.read(text.toString(), effective);
        return new AdditionalConfig(reading, culprit(reading, seen, effective), List.copyOf(unseen));
    }

    private static Optional<EnvVar> culprit(
            ConfigReading reading, List<EnvVar> variables, Map<String, EnvVar> effective) {
        if (reading.problem().isEmpty()) {
            return Optional.empty();
        }
        return variables.stream()
                .filter(variable -> HoconReader.read(variable.value().text().orElse(""), effective)
                        .problem()
                        .isPresent())
                .findFirst();
    }

    /** What is wrong with the text as a whole. */
    public List<ConfigProblem> problems() {
        return List.of();
    }

    /** Whether the other says the same, letter by letter. */
    public boolean hasSameTextAs(AdditionalConfig other) {
        return equals(other);
    }

    /** Why Canton cannot read it, if it cannot. */
    public Optional<String> problem() {
        return reading.problem();
    }

    /** The env var that spoils it, where one alone does. */
    public Optional<EnvVar> culprit() {
        return culprit;
    }

    /** Whether anything could be read: false where the text is too large or beyond mending. */
    public boolean isJudged() {
        return reading.judged();
    }

    /** What belongs to it and was not seen: env vars from Secrets and the like. */
    public List<String> unseen() {
        return unseen;
    }

    /** The crypto blocks, by role and name; where Canton cannot read the text, those that were meant. */
    public List<CryptoConfig> cryptos() {
        return reading.cryptos();
    }

    /** The nodes with a CometBFT block; an app's name is empty for the shared {@code _comet_bft_config} of 0.4 and 0.5. */
    public List<CometBftNode> cometBftNodes() {
        return reading.nodes();
    }

    ConfigReading reading() {
        return reading;
    }
}
