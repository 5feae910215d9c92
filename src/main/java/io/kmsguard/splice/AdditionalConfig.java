// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The HOCON that reaches the node: the image's entrypoint concatenates every env var that starts with
 * {@code ADDITIONAL_CONFIG}, in alphabetical order of the names, as one text.
 */
public final class AdditionalConfig {

    /** What the names of such env vars start with. */
    public static final String PREFIX = "ADDITIONAL_CONFIG";

    private static final AdditionalConfig NOTHING =
            new AdditionalConfig("", ConfigReading.EMPTY, Optional.empty(), List.of(), List.of(), List.of());

    private final String digest;
    private final ConfigReading reading;
    private final Optional<Culprit> culprit;
    private final List<String> unseen;
    private final List<ConfigProblem> problems;
    private final List<ConfigProblem> untold;

    private AdditionalConfig(
            String digest,
            ConfigReading reading,
            Optional<Culprit> culprit,
            List<String> unseen,
            List<ConfigProblem> problems,
            List<ConfigProblem> untold) {
        this.untold = untold;
        this.digest = digest;
        this.reading = reading;
        this.culprit = culprit;
        this.unseen = unseen;
        this.problems = problems;
    }

    /** Reads a container's configuration. */
    static AdditionalConfig read(Environment env, CantonLine line) {
        var named = named(env);
        var hiddenSwitch = env.get(Container.COMETBFT_ENABLED)
                .filter(variable -> variable.value().text().isEmpty());
        var roads = ConfigRoads.of(env);
        if (named.isEmpty() && env.unread().isEmpty() && hiddenSwitch.isEmpty() && roads.isEmpty()) {
            return NOTHING;
        }
        var seen = new ArrayList<>(roads.texts());
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
        var text = HoconText.of(seen);
        var reading = HoconReader.read(text, env, line);
        unseen.addAll(reading.unknown());
        hiddenSwitch.ifPresent(variable ->
                unseen.add(variable.name() + " from " + variable.value().source()));
        var problems = new TextProblems(named.values());
        return new AdditionalConfig(
                text.digest() + included(reading),
                reading,
                culprit(reading, seen, env, line, problems),
                List.copyOf(unseen),
                both(
                        both(problems.problems(), roads.contradictions(reading, env, line)),
                        undefined(reading, seen, env, roads)),
                both(roads.untold(), included(reading, env.launch())));
    }

    /** Tells what is included from other content. */
    private static String included(ConfigReading reading) {
        if (reading.included().isEmpty()) {
            return "";
        }
        return reading.included().stream()
                .flatMap(include -> include.digest().stream())
                .collect(Collectors.joining());
    }

    private static List<ConfigProblem> included(ConfigReading reading, Launch launch) {
        if (reading.included().isEmpty()) {
            return List.of();
        }
        return reading.included().stream()
                .filter(include -> include.digest().isEmpty())
                .map(include -> new ConfigProblem(
                        "include " + include.what(),
                        "is "
                                + launch.mounted()
                                        .at(include.path())
                                        .map(file -> file.source() + ", which cannot be read")
                                        .orElse("not read here")
                                + ", so which configuration reaches Canton cannot be determined",
                        "write its canton settings into an ADDITIONAL_CONFIG env var with a plain value"))
                .toList();
    }

    /** Where env vars may come from elsewhere, nothing is said. */
    private static List<ConfigProblem> undefined(
            ConfigReading reading, List<EnvVar> texts, Environment env, ConfigRoads roads) {
        if (!env.unread().isEmpty()
                || !roads.untold().isEmpty()
                || reading.included().stream()
                        .anyMatch(include -> include.digest().isEmpty())) {
            return List.of();
        }
        return reading.undefined().stream()
                .filter(name -> !JvmOptions.mention(env, name))
                .map(name -> new ConfigProblem(
                        texts.stream()
                                        .filter(text ->
                                                text.value().text().orElse("").contains("${" + name + "}"))
                                        .findFirst()
                                        .map(EnvVar::name)
                                        .orElse("the configuration")
                                + " (${" + name + "})",
                        "needs env var " + name + ", which the container does not have, so Canton would not start",
                        "add " + name + " to the container's env (additionalEnvVars), or write the value in its place"))
                .toList();
    }

    private static List<ConfigProblem> both(List<ConfigProblem> one, List<ConfigProblem> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static SortedMap<String, EnvVar> named(Environment env) {
        var named = new TreeMap<String, EnvVar>();
        for (var variable : env.all()) {
            if (variable.name().startsWith(PREFIX)) {
                named.put(variable.name(), variable);
            }
        }
        return named;
    }

    /** Those whose text is known and reaches Canton, in order. */
    static List<EnvVar> texts(Environment env) {
        return Stream.concat(
                        ConfigRoads.of(env).texts().stream(),
                        named(env).values().stream()
                                .filter(variable -> variable.isShellIdentifier()
                                        && variable.value().text().isPresent()))
                .toList();
    }

    /** The first that cannot be read even alone; its own reading counts the lines from its own start. */
    private static Optional<Culprit> culprit(
            ConfigReading reading, List<EnvVar> variables, Environment env, CantonLine line, TextProblems known) {
        if (reading.problem().isEmpty()) {
            return Optional.empty();
        }
        for (var variable : variables) {
            var alone =
                    HoconReader.read(HoconText.of(List.of(variable)), env, line).problem();
            if (alone.isPresent()) {
                var explained = known.explanation(variable).map(what -> what + " (" + alone.get() + ")");
                return Optional.of(new Culprit(variable, explained.orElse(alone.get())));
            }
        }
        return Optional.empty();
    }

    private record Culprit(EnvVar variable, String problem) {}

    /** Why Canton cannot read it, if it cannot: {@code line 5: …}, in the {@link #culprit} where there is one. */
    public Optional<String> problem() {
        return culprit.map(Culprit::problem).or(reading::problem);
    }

    /** The same as a sentence that names the env var, without a period: {@code Canton cannot read env X: line 5: …}. */
    public Optional<String> unreadable() {
        return problem()
                .map(why -> "Canton cannot read "
                        + culprit()
                                .map(variable -> "env " + variable.name())
                                .orElse("the ADDITIONAL_CONFIG env vars together")
                        + ": " + why);
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
     * What is wrong with the text itself, whether Canton can read it or not: values cut off by a comment sign, names
     * that the image's shell does not see. What is wrong inside a {@code crypto} block stands there.
     */
    public List<ConfigProblem> problems() {
        return problems;
    }

    /** The roads on which configuration may come that nobody can read: a command, a volume, a file of options. */
    public List<ConfigProblem> untold() {
        return untold;
    }

    /**
     * What belongs to it and was not seen, each as a clause: env vars from Secrets and the like, and values of KMS and
     * CometBFT fields that such an env var holds.
     */
    public List<String> unseen() {
        return unseen;
    }

    /** Whether the other is made of the same text, letter by letter, and leaves the same unseen. */
    public boolean hasSameTextAs(AdditionalConfig other) {
        return digest.equals(other.digest) && unseen.equals(other.unseen);
    }

    /** The crypto blocks, by role and name; where Canton cannot read the text, those that were meant. */
    public List<CryptoConfig> cryptos() {
        return reading.cryptos();
    }

    /** What the participants are configured to do beside which KMS they use, by name. */
    public List<ParticipantSettings> participants() {
        return reading.settings();
    }

    ConfigReading reading() {
        return reading;
    }
}
