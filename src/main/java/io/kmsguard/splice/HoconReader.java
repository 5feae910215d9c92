// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads HOCON as Canton does, in bounded time and memory. A pure function of its input; the last inputs are remembered,
 * because the old and the new object of a review, and the next review, mostly say the same.
 */
final class HoconReader {

    /** Marks, in the origin of a value, the env var that it came from. */
    static final String ENV_ORIGIN = "env var ";

    private static final int REMEMBERED = 128;
    private static final int REMEMBERED_CHARACTERS = 16_384;
    private static final int MAX_INNER_SUBSTITUTIONS = 12;
    private static final ConfigParseOptions PARSING =
            ConfigParseOptions.defaults().setIncluder(new InertIncluder()).setOriginDescription("configuration");
    private static final ConfigResolveOptions RESOLVING =
            ConfigResolveOptions.noSystem().setAllowUnresolved(true);
    private static final Pattern UNQUOTED =
            Pattern.compile("(?m)^(\\s*[\\w.\"-]+\\s*[=:]\\s*)([^\\s{\\[\"$#][^\\r\\n]*?)(\\s*,?\\s*)$");
    private static final Map<Input, ConfigReading> MEMORY =
            Collections.synchronizedMap(new LinkedHashMap<>(REMEMBERED * 2, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Input, ConfigReading> eldest) {
                    return size() > REMEMBERED;
                }
            });

    /** All that a reading depends on: the text, and the env vars that it names. */
    private record Input(String text, Map<String, String> env) {}

    private HoconReader() {}

    /**
     * Reads a text.
     *
     * @param env the container's env vars that may be substituted
     */
    static ConfigReading read(String text, Map<String, EnvVar> env) {
        var limits = HoconLimits.scan(text);
        if (limits.tooLarge().isPresent()) {
            return ConfigReading.unjudged(
                    "it is too large to judge: " + limits.tooLarge().get());
        }
        var used = new HashMap<String, String>();
        for (var name : limits.names()) {
            var variable = env.get(name);
            if (variable != null) {
                used.put(name, variable.value().text().orElse(""));
            }
        }
        var input = new Input(text, used);
        var known = MEMORY.get(input);
        if (known == null) {
            known = parse(input, limits);
            if (text.length() <= REMEMBERED_CHARACTERS) {
                MEMORY.put(input, known);
            }
        }
        return known;
    }

    private static ConfigReading parse(Input input, HoconLimits limits) {
        try {
            return extract(input, input.text(), limits);
        } catch (ConfigException failure) {
            var why = reason(failure);
            try {
                return extract(input, UNQUOTED.matcher(input.text()).replaceAll(HoconReader::quoted), limits)
                        .broken(why);
            } catch (ConfigException beyondMending) {
                return ConfigReading.unjudged(why);
            }
        }
    }

    /** What an operator meant with {@code key = https://…}: the value as one string. */
    private static String quoted(java.util.regex.MatchResult line) {
        var value = line.group(2).replace("\\", "\\\\").replace("\"", "\\\"");
        return java.util.regex.Matcher.quoteReplacement(line.group(1) + '"' + value + '"' + line.group(3));
    }

    private static ConfigReading extract(Input input, String text, HoconLimits limits) {
        var parsed = ConfigFactory.parseString(text, PARSING);
        if (limits.names().isEmpty()) {
            return new ConfigExtraction(parsed, Optional.empty()).read();
        }
        // ${a}${a} in a chain doubles with every link; only keys of the text itself can form one.
        var inner = 0;
        for (var name : limits.names()) {
            if (parsed.root().containsKey(ConfigUtil.splitPath(name).get(0))) {
                inner++;
            }
        }
        if (inner > MAX_INNER_SUBSTITUTIONS) {
            return ConfigReading.unjudged("it is too large to judge: it refers to itself " + inner + " times");
        }
        var resolved = resolve(parsed, input.env(), ENV_ORIGIN);
        var unset = new LinkedHashMap<String, String>();
        for (var name : new LinkedHashSet<>(limits.optionalNames())) {
            if (!input.env().containsKey(name)) {
                unset.put(name, "");
            }
        }
        return new ConfigExtraction(
                        resolved,
                        unset.isEmpty()
                                ? Optional.empty()
                                : Optional.of(() -> {
                                    var all = new HashMap<>(input.env());
                                    all.putAll(unset);
                                    return resolve(parsed, all, ENV_ORIGIN);
                                }))
                .read();
    }

    private static Config resolve(Config parsed, Map<String, String> env, String origin) {
        var values = new HashMap<String, ConfigValue>();
        env.forEach((name, value) -> values.put(name, ConfigValueFactory.fromAnyRef(value, origin + name)));
        return parsed.withFallback(ConfigValueFactory.fromMap(values)).resolve(RESOLVING);
    }

    /** The parser's own words without its tips, and without the text that it quotes beyond one token. */
    private static String reason(ConfigException failure) {
        var message = Optional.ofNullable(failure.getMessage()).orElse("not readable");
        var tip = message.indexOf(" (if you intended");
        var words = (tip < 0 ? message : message.substring(0, tip)).replaceAll("\\s+", " ");
        return words.length() > 160 ? words.substring(0, 160) + "…" : words;
    }

    static List<String> splitPath(String path) {
        return ConfigUtil.splitPath(path);
    }
}
