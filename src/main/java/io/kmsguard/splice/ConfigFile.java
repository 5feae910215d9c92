// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;

/**
 * A file that a volume puts in the place of one of the image's own, from which Canton takes configuration.
 *
 * @param path where it is mounted, for example {@code /app/parameters.conf}
 * @param kind {@code ConfigMap} or {@code Secret}; empty for a volume that no manifest tells the content of
 * @param name the object's name, or what the volume is
 * @param key the object's key
 * @param text what stands there; empty until it was looked up, and where it cannot be
 */
public record ConfigFile(String path, String kind, String name, String key, Optional<String> text) {

    /** The object that holds it; empty where no manifest tells its content. */
    Optional<ObjectRef> ref(String namespace) {
        return kind.isEmpty() ? Optional.empty() : Optional.of(new ObjectRef(kind, namespace, name));
    }

    /** Where its content comes from, for messages: {@code key config of ConfigMap own}. */
    String source() {
        return kind.isEmpty() ? name : "key " + key + " of " + kind + " " + name;
    }

    /** It as one of the texts that make the configuration. */
    EnvVar asVariable() {
        return new EnvVar(
                path,
                kind.equals("Secret")
                        ? new EnvValue.SecretKey(name, key, false, text.map(KeyText::of))
                        : new EnvValue.ConfigMapKey(name, key, false, text),
                "");
    }

    ConfigFile with(Optional<String> content) {
        return new ConfigFile(path, kind, name, key, content);
    }

    /** Not the text. */
    @Override
    public String toString() {
        return path + " from " + source();
    }
}
