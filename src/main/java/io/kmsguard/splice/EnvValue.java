// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Optional;

/** What is known of an environment variable's value. Never printed whole: a value may be a secret. */
public sealed interface EnvValue {

    /**
     * The text, where the manifest tells it, or a ConfigMap or Secret that was looked up. Whether it is written into the
     * manifest itself is another question: that is {@link Literal}.
     */
    default Optional<String> text() {
        return Optional.empty();
    }

    /** Where the value comes from, for messages: {@code key public of Secret x}. */
    String source();

    /** A value that the manifest tells. */
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

    /**
     * {@code valueFrom.secretKeyRef}, or one key of an {@code envFrom.secretRef}.
     *
     * @param content what stands there; empty until it was looked up, and where it is not there
     */
    record SecretKey(String secret, String key, boolean optional, Optional<KeyText> content) implements EnvValue {

        /** A reference that was not looked up. */
        public SecretKey(String secret, String key, boolean optional) {
            this(secret, key, optional, Optional.empty());
        }

        @Override
        public Optional<String> text() {
            return content.map(KeyText::reveal);
        }

        @Override
        public String source() {
            return "key " + key + " of Secret " + secret;
        }
    }

    /**
     * {@code valueFrom.configMapKeyRef}, or one key of an {@code envFrom.configMapRef}.
     *
     * @param content what stands there; empty until it was looked up, and where it is not there
     */
    record ConfigMapKey(String configMap, String key, boolean optional, Optional<String> content) implements EnvValue {

        /** A reference that was not looked up. */
        public ConfigMapKey(String configMap, String key, boolean optional) {
            this(configMap, key, optional, Optional.empty());
        }

        @Override
        public Optional<String> text() {
            return content;
        }

        @Override
        public String source() {
            return "key " + key + " of ConfigMap " + configMap;
        }

        /** Not the content. */
        @Override
        public String toString() {
            return "ConfigMapKey[" + source() + (content.isPresent() ? ", known]" : "]");
        }
    }

    /**
     * A text with {@code $(NAME)} in it whose variable is not known; a {@link Literal} once it is.
     *
     * @param template the text as written
     * @param reason where the unknown part comes from
     */
    record Template(String template, String reason) implements EnvValue {
        @Override
        public String source() {
            return "a text that holds " + reason;
        }

        /** Not the text. */
        @Override
        public String toString() {
            return "Template[" + reason + "]";
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
