// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The HOCON that reaches the node: the image's entrypoint concatenates every env var that starts with
 * {@code ADDITIONAL_CONFIG}, in alphabetical order of the names, as one text.
 */
public final class AdditionalConfig {

    /** What the names of such env vars start with. */
    public static final String PREFIX = "ADDITIONAL_CONFIG";

    private static final AdditionalConfig NOTHING =
            new AdditionalConfig(ConfigReading.EMPTY, Optional.empty(), List.of(), List.of());

    private final ConfigReading reading;
    private final Optional<Culprit> culprit;
    private final List<String> unseen;
    private final List<ConfigProblem> problems;

    private AdditionalConfig(
            ConfigReading reading, Optional<Culprit> culprit, List<String> unseen, List<ConfigProblem> problems) {
        this.reading = reading;
        this.culprit = culprit;
        this.unseen = unseen;
        this.problems = problems;
    }

    /** Reads a container's configuration. */
    static AdditionalConfig read(Environment env, CantonLine line) {
        var named = new TreeMap<String, EnvVar>();
        for (var variable : env.all()) {
            if (variable.name().startsWith(PREFIX)) {
                named.put(variable.name(), variable);
            }
        }
        if (named.isEmpty() && env.unread().isEmpty()) {
            return NOTHING;
        }
        var seen = new ArrayList<EnvVar>(named.size());
        var unseen = new ArrayList<String>();
        for (var variable : named.values()) {
            if (!variable.isShellIdentifier()) {
                continue;
            }
            if (variable.value().text().isPresent()) {
                seen.add(variable);
            } else {
                unseen.add(variable.name() + " from " + variable.value().source());
            }
        }
        env.unread().forEach(source -> unseen.add(source.toString()));
        var reading = HoconReader.read(seen, env, line);
        unseen.addAll(reading.unknown());
        env.get(Container.COMETBFT_ENABLED)
                .filter(switched -> switched.value().text().isEmpty())
                .ifPresent(switched ->
                        unseen.add(switched.name() + " from " + switched.value().source()));
        return new AdditionalConfig(
                reading, culprit(reading, seen, env, line), List.copyOf(unseen), TextProblems.of(named.values()));
    }

    /** The first that cannot be read even alone; its own reading counts the lines from its own start. */
    private static Optional<Culprit> culprit(
            ConfigReading reading, List<EnvVar> variables, Environment env, CantonLine line) {
        if (reading.problem().isEmpty()) {
            return Optional.empty();
        }
        for (var variable : variables) {
            var alone = HoconReader.read(List.of(variable), env, line).problem();
            if (alone.isPresent()) {
                return Optional.of(new Culprit(variable, alone.get()));
            }
        }
        return Optional.empty();
    }

    private record Culprit(EnvVar variable, String problem) {}

    /** Why Canton cannot read it, if it cannot: {@code line 5: …}, in the {@link #culprit} where there is one. */
    public Optional<String> problem() {
        return culprit.map(Culprit::problem).or(reading::problem);
    }

    /** The env var that spoils it, where one alone does. */
    public Optional<EnvVar> culprit() {
        return culprit.map(Culprit::variable);
    }

    /** Whether anything could be read: false where the text is too large or beyond mending. */
    public boolean isJudged() {
        return reading.judged();
    }

    /**
     * What is wrong with the text itself, which may also explain {@link #problem}: values cut off by a comment sign, an
     * URL without quotes, Go text, names that the image's shell does not see. What is wrong inside a {@code crypto}
     * block stands there.
     */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /**
     * What belongs to it and was not seen, each as a clause: env vars from Secrets and the like, and values of KMS and
     * CometBFT fields that such an env var holds.
     */
    public List<String> unseen() {
        return unseen;
    }

    /** The crypto blocks, by role and name; where Canton cannot read the text, those that were meant. */
    public List<CryptoConfig> cryptos() {
        return reading.cryptos();
    }

    ConfigReading reading() {
        return reading;
    }
}
