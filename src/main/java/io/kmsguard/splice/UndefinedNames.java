// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Env vars that a text substitutes by <code>${NAME}</code>, without which Canton refuses all of its configuration
 * ({@code ConfigException.UnresolvedSubstitution} of Typesafe config), and which are not there.
 */
final class UndefinedNames {

    /**
     * Any other may be a key of the image's own configuration, as {@code _sv_participant_client} is. A long run without {@code _} may be
     * a secret that stands in the wrong place, and the names are printed.
     */
    private static final Pattern ENV = Pattern.compile("(?!.*[A-Z0-9]{20})[A-Z][A-Z0-9_]*");

    /** What the kubelet (also of Services: enableServiceLinks), the image's shell and the base image of Splice's images set. */
    private static final Pattern GIVEN = Pattern.compile(
            "PATH|HOME|HOSTNAME|PWD|OLDPWD|SHLVL|TERM|LANG|LANGUAGE|LC_[A-Z]+|JAVA_[A-Z_]+|KUBERNETES_.*"
                    + "|.*_SERVICE_(HOST|PORT(_.*)?)|.*_PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?");

    /** Each is a resolution of the whole text. */
    private static final int MOST = 5;

    private UndefinedNames() {}

    /**
     * Finds them.
     *
     * @param names the name in each substitution
     * @param present the env vars that are there
     */
    static List<String> of(Config parsed, List<String> names, Set<String> present) {
        var suspects = new LinkedHashSet<>(names);
        suspects.removeIf(name -> present.contains(name)
                || !ENV.matcher(name).matches()
                || GIVEN.matcher(name).matches()
                || parsed.root().containsKey(name));
        return suspects.stream()
                .limit(MOST)
                .filter(name -> isNeeded(parsed, name))
                .toList();
    }

    /** The library itself tells, which knows what is overwritten later or optional. */
    private static boolean isNeeded(Config parsed, String name) {
        try {
            parsed.resolve(ConfigResolveOptions.noSystem().appendResolver(new AllBut(name)));
            return false;
        } catch (ConfigException.UnresolvedSubstitution unresolved) {
            return Optional.ofNullable(unresolved.getMessage()).orElse("").contains("${" + name + "}");
        } catch (ConfigException another) {
            // What else does not fit may be a block of the image's configuration.
            return false;
        }
    }

    /** Knows a value for every name but one. */
    private record AllBut(String name) implements ConfigResolver {
        @Override
        public @Nullable ConfigValue lookup(String path) {
            return path.equals(name) ? null : ConfigValueFactory.fromAnyRef("");
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }
}
