// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads HOCON as Canton does, in bounded time and memory. A pure function of its input. */
final class HoconReader {

    private static final int MAX_INNER_SUBSTITUTIONS = 12;
    private static final int MAX_REASON = 160;
    private static final String CONFIGURATION = "configuration";
    private static final String ORIGIN = CONFIGURATION + ": ";
    private static final Pattern QUOTED = Pattern.compile("('[^'\\w\\s]')|['\"]");
    private static final ConfigResolveOptions RESOLVING =
            ConfigResolveOptions.noSystem().setAllowUnresolved(true);
    private static final HoconMemory MEMORY = new HoconMemory();

    private final String text;
    private final HoconLimits limits;
    private final Environment env;
    private final CantonLine line;

    private HoconReader(String text, HoconLimits limits, Environment env, CantonLine line) {
        this.text = text;
        this.limits = limits;
        this.env = env;
        this.line = line;
    }

    /** @param env what may be substituted */
    static ConfigReading read(HoconText hocon, Environment env, CantonLine line) {
        var text = hocon.text();
        if (text.isEmpty()) {
            return ConfigReading.EMPTY;
        }
        // What is included is no part of the text.
        if (hocon.secret() || text.contains("include") || text.length() > HoconMemory.MAX_CHARACTERS) {
            return parse(text, HoconLimits.scan(text), env, line);
        }
        var limits = MEMORY.limits(hocon.digest()).orElse(null);
        if (limits == null) {
            limits = HoconLimits.scan(text);
            MEMORY.put(hocon.digest(), limits);
        }
        var input = new HoconMemory.Input(hocon.digest(), present(limits, env), line);
        var known = MEMORY.reading(input).orElse(null);
        if (known == null) {
            known = parse(text, limits, env, line);
            MEMORY.put(input, known);
        }
        return known;
    }

    /** One text as a tree twice. */
    record Trees(ConfigObject written, ConfigObject resolved) {}

    /**
     * All of a text that {@link #read} has no problem with: as it is written, and with marks for the env vars that it
     * substitutes, which then also stand beside its own keys.
     */
    static Trees trees(HoconText hocon, Environment env) {
        var includer = new InertIncluder(env.launch().mounted());
        var parsed = ConfigFactory.parseString(hocon.text(), includer.parsing(CONFIGURATION));
        var limits = HoconLimits.scan(hocon.text()).with(includer.limits());
        return new Trees(parsed.root(), resolved(parsed, present(limits, env)));
    }

    /** A part of such a text on its own, as it is written; empty where it is no HOCON alone. */
    static Optional<ConfigObject> written(String part, Environment env) {
        try {
            var includer = new InertIncluder(env.launch().mounted());
            return Optional.of(ConfigFactory.parseString(part, includer.parsing(CONFIGURATION))
                    .root());
        } catch (ConfigException incomplete) {
            return Optional.empty();
        }
    }

    private static Set<String> present(HoconLimits limits, Environment env) {
        if (limits.names().isEmpty()) {
            return Set.of();
        }
        var present = new LinkedHashSet<String>();
        for (var name : limits.names()) {
            if (env.has(name)) {
                present.add(name);
            }
        }
        return present;
    }

    private static ConfigReading parse(String text, HoconLimits limits, Environment env, CantonLine line) {
        if (limits.tooLarge().isPresent()) {
            return ConfigReading.unjudged(
                    "it is too large to judge: " + limits.tooLarge().get());
        }
        return new HoconReader(text, limits, env, line).read();
    }

    private ConfigReading read() {
        try {
            return readOrMend();
        } catch (StackOverflowError tooDeep) {
            return ConfigReading.unjudged("it is too large to judge: it is nested too deeply");
        }
    }

    private ConfigReading readOrMend() {
        try {
            return extract(text);
        } catch (ConfigException failure) {
            var why = reason(failure);
            try {
                return extract(HoconMending.mended(text)).broken(why);
            } catch (ConfigException beyondMending) {
                return ConfigReading.unjudged(why);
            }
        }
    }

    private ConfigReading extract(String hocon) {
        var includer = new InertIncluder(env.launch().mounted());
        var parsed = ConfigFactory.parseString(hocon, includer.parsing(CONFIGURATION));
        var all = limits.with(includer.limits());
        if (all.tooLarge().isPresent()) {
            return ConfigReading.unjudged(
                    "it is too large to judge: " + all.tooLarge().get());
        }
        var inner = inner(all, parsed);
        if (inner > MAX_INNER_SUBSTITUTIONS) {
            return ConfigReading.unjudged("it is too large to judge: it refers to itself " + inner + " times");
        }
        var given = present(all, env);
        var tree = new HoconTree(resolved(parsed, given), env);
        return new ConfigExtraction(tree, line, withUnsetEnv(all, parsed))
                .read()
                .with(includer.noted(), UndefinedNames.of(parsed, all.names(), given));
    }

    /** <code>${a}${a}</code> in a chain doubles with every link; only keys of the text itself can form one. */
    private static int inner(HoconLimits limits, Config parsed) {
        var inner = 0;
        for (var name : limits.names()) {
            if (parsed.root().containsKey(ConfigUtil.splitPath(name).get(0))) {
                inner++;
            }
        }
        return inner;
    }

    private Supplier<Optional<ConfigObject>> withUnsetEnv(HoconLimits limits, Config parsed) {
        var present = present(limits, env);
        var all = new LinkedHashSet<>(present);
        all.addAll(limits.optionalNames());
        return () -> all.size() == present.size() ? Optional.empty() : Optional.of(resolved(parsed, all));
    }

    private static ConfigObject resolved(Config parsed, Collection<String> names) {
        if (names.isEmpty() && parsed.isResolved()) {
            return parsed.root();
        }
        Map<String, ConfigValue> marks = new HashMap<>();
        names.forEach(name -> marks.put(name, ConfigValueFactory.fromAnyRef(HoconTree.mark(name))));
        return parsed.withFallback(ConfigValueFactory.fromMap(marks))
                .resolve(RESOLVING)
                .root();
    }

    /**
     * The parser's own words, without its tips and without the text that it quotes, which may be a password; only a
     * single punctuation mark stays.
     */
    private static String reason(ConfigException failure) {
        var message = Optional.ofNullable(failure.getMessage()).orElse("").replaceAll("\\s+", " ");
        var quote = QUOTED.matcher(message);
        var words = quote.find()
                ? message.substring(0, quote.start())
                        + Optional.ofNullable(quote.group(1)).orElse("…")
                : message;
        words = words.length() > MAX_REASON ? words.substring(0, MAX_REASON) + "…" : words;
        return words.startsWith(ORIGIN) ? "line " + words.substring(ORIGIN.length()) : words;
    }
}
