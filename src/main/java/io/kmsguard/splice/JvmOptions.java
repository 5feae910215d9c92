// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Configuration that reaches Canton as system properties of its JVM, the last fallback of {@code ConfigFactory.load()}: options in env
 * vars that the JVM reads by itself, and with {@code -Dconfig.override_with_env_vars=true} the env vars {@code CONFIG_FORCE_…}, which
 * win over the other properties (Typesafe config, {@code ConfigImplUtil}).
 */
final class JvmOptions {

    /** In the order in which the JVM takes them, so that a later one wins: before the command line, the launcher's, behind all. */
    static final List<String> NAMES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** What the names of env vars that may be properties start with. */
    static final String FORCE = "CONFIG_FORCE_";

    private static final List<String> REPLACED = List.of("config.file", "config.resource", "config.url");
    private static final List<String> OPTION_FILES = List.of("-XX:Flags=", "-XX:VMOptionsFile=");
    private static final String OVERRIDE = "config.override_with_env_vars";

    private final Map<String, EnvVar> properties = new LinkedHashMap<>();
    private final Map<String, String> values = new TreeMap<>();
    private final List<ConfigProblem> untold = new ArrayList<>();

    private JvmOptions() {}

    static JvmOptions read(Environment env) {
        var options = new JvmOptions();
        NAMES.forEach(name -> env.get(name).ifPresent(options::variable));
        if (Boolean.parseBoolean(options.values.get(OVERRIDE))) {
            env.all().stream()
                    .filter(variable -> variable.name().startsWith(FORCE))
                    .sorted((one, other) -> one.name().compareTo(other.name()))
                    .forEach(options::forced);
        }
        return options;
    }

    /** Whether the JVM may get a system property of that name, which a substitution finds as well. */
    static boolean mention(Environment env, String name) {
        return NAMES.stream()
                .flatMap(variable -> env.get(variable).stream())
                .anyMatch(variable -> variable.value()
                        .text()
                        .filter(text -> !text.contains("-D" + name) && !text.contains(OVERRIDE))
                        .isEmpty());
    }

    /** As HOCON, one text for each env var, in order; what a later one overwrites is left out. */
    List<EnvVar> texts() {
        Map<EnvVar, StringBuilder> texts = new LinkedHashMap<>();
        properties.forEach((property, variable) -> {
            if ((property.startsWith("canton.") || property.startsWith("_")) && !isBlock(property, variable)) {
                texts.computeIfAbsent(variable, any -> new StringBuilder())
                        .append(line(property, values.getOrDefault(property, "")));
            }
        });
        return texts.entrySet().stream()
                .map(entry -> new EnvVar(
                        entry.getKey().name(),
                        like(entry.getKey().value(), entry.getValue().toString()),
                        entry.getKey().path()))
                .toList();
    }

    /** Of properties the longer path wins over the shorter one, in whichever order they come (Typesafe config, {@code PropertiesParser}). */
    private boolean isBlock(String property, EnvVar variable) {
        return properties.entrySet().stream()
                .anyMatch(other ->
                        other.getKey().startsWith(property + ".") && isForced(other.getValue()) == isForced(variable));
    }

    private static boolean isForced(EnvVar variable) {
        return variable.name().startsWith(FORCE);
    }

    /** What of it cannot be read. */
    List<ConfigProblem> untold() {
        return untold;
    }

    private void variable(EnvVar variable) {
        var text = variable.value().text();
        if (text.isEmpty()) {
            untold(variable.name(), "is " + variable.value().source() + ", which cannot be read");
            return;
        }
        for (var option : words(text.get())) {
            if (option.startsWith("-D")) {
                property(option.substring(2), variable);
            } else if ((option.startsWith("@") && variable.name().startsWith("JDK_"))
                    || OPTION_FILES.stream().anyMatch(option::startsWith)) {
                untold(variable.name(), "takes options from a file (" + option.replaceAll("=.*", "=…") + ")");
            }
        }
    }

    private void property(String definition, EnvVar variable) {
        var equals = definition.indexOf('=');
        var name = equals < 0 ? definition : definition.substring(0, equals);
        if (REPLACED.contains(name)) {
            untold(variable.name(), "replaces the configuration that Canton falls back on (-D" + name + ")");
        }
        put(name, equals < 0 ? "" : definition.substring(equals + 1), variable);
    }

    private void forced(EnvVar variable) {
        if (variable.name().contains("____")) {
            untold(variable.name(), "has more than three underscores in a row, which no key stands for");
            return;
        }
        var path = path(variable.name().substring(FORCE.length()));
        var text = variable.value().text();
        if (text.isPresent()) {
            put(path, text.get(), variable);
        } else if (path.startsWith("canton.")) {
            untold(variable.name(), "is " + variable.value().source() + ", which cannot be read");
        }
    }

    private void put(String name, String value, EnvVar variable) {
        properties.remove(name);
        properties.put(name, variable);
        values.put(name, value);
    }

    private void untold(String name, String what) {
        untold.add(new ConfigProblem(
                name,
                what + ", so whether it changes the participant's keys cannot be determined",
                "write canton settings into an ADDITIONAL_CONFIG env var with a plain value"));
    }

    /** One underscore is a dot, two are a hyphen, three an underscore. */
    private static String path(String name) {
        var path = new StringBuilder();
        for (var i = 0; i < name.length(); ) {
            var end = i;
            while (end < name.length() && name.charAt(end) == '_') {
                end++;
            }
            switch (end - i) {
                case 0 -> path.append(name.charAt(end++));
                case 1 -> path.append('.');
                case 2 -> path.append('-');
                default -> path.append('_');
            }
            i = end;
        }
        return path.toString();
    }

    /** As the JVM splits them: at white space, outside of quotes. */
    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        var isWord = false;
        var quote = Optional.<Character>empty();
        for (var i = 0; i < text.length(); i++) {
            var letter = text.charAt(i);
            if (quote.isPresent()) {
                if (letter == quote.get()) {
                    quote = Optional.empty();
                } else {
                    word.append(letter);
                }
            } else if (letter == '\'' || letter == '"') {
                quote = Optional.of(letter);
                isWord = true;
            } else if (Character.isWhitespace(letter)) {
                if (isWord) {
                    words.add(word.toString());
                }
                word.setLength(0);
                isWord = false;
            } else {
                word.append(letter);
                isWord = true;
            }
        }
        if (isWord) {
            words.add(word.toString());
        }
        return words;
    }

    private static String line(String property, String value) {
        var path = new ArrayList<String>();
        for (var element : property.split("\\.", -1)) {
            path.add(ConfigUtil.quoteString(element));
        }
        return String.join(".", path) + " = " + ConfigUtil.quoteString(value) + "\n";
    }

    private static EnvValue like(EnvValue value, String text) {
        return value instanceof EnvValue.SecretKey secret
                ? new EnvValue.SecretKey(
                        secret.secret(), secret.key(), secret.optional(), Optional.of(KeyText.of(text)))
                : new EnvValue.Literal(text);
    }
}
