// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;

/** What a manifest says of an environment variable's value. Never printed whole: a value may be a secret. */
public sealed interface EnvValue {

    /** The text, where the manifest (or a ConfigMap that was read) tells it. */
    default Optional<String> text() {
        return Optional.empty();
    }

    /** Where the value comes from, for messages: {@code key public of Secret x}. */
    String source();

    /** A value that is known. */
    record Literal(String value) implements EnvValue {
        @Override
        public Optional<String> text() {
            return Optional.of(value);
        }

        @Override
        public String source() {
            return "a plain value";
        }

        /** Not the value. */
        @Override
        public String toString() {
            return "Literal[" + value.length() + " characters]";
        }
    }

    /** {@code valueFrom.secretKeyRef}, or one key of an {@code envFrom.secretRef}. */
    record SecretKey(String secret, String key, boolean optional) implements EnvValue {
        @Override
        public String source() {
            return "key " + key + " of Secret " + secret;
        }
    }

    /** {@code valueFrom.configMapKeyRef}; replaced by a {@link Literal} once the ConfigMap was read. */
    record ConfigMapKey(String configMap, String key, boolean optional) implements EnvValue {
        @Override
        public String source() {
            return "key " + key + " of ConfigMap " + configMap;
        }
    }

    /** What only a running pod knows: {@code fieldRef}, {@code resourceFieldRef}, {@code fileKeyRef}. */
    record AtRunTime(String field) implements EnvValue {
        @Override
        public String source() {
            return field;
        }
    }
}
