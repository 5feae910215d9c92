// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The part of Canton's {@code crypto.kms} that decides which keys a node has: another value here is another identity.
 * Everything else (retries, audit logging, an endpoint) may change.
 */
public sealed interface KmsConfig {

    /** Says it to a person, for example {@code GCP KMS (project p, location l, key ring r)}. */
    String describe();

    /** {@code type = gcp}. A field that is missing is empty. */
    record Gcp(String project, String location, String keyRing) implements KmsConfig {
        @Override
        public String describe() {
            return "GCP KMS (project " + project + ", location " + location + ", key ring " + keyRing + ")";
        }
    }

    /**
     * {@code type = aws}.
     *
     * @param multiRegion {@code multi-region-key}, default false: only multi-region keys are there in another region
     */
    record Aws(String region, boolean multiRegion) implements KmsConfig {
        @Override
        public String describe() {
            return "AWS KMS (region " + region + (multiRegion ? ", multi-region keys)" : ")");
        }
    }

    /**
     * {@code type = driver}.
     *
     * @param config the driver's own settings (endpoint, slot, partition, …), of which nobody but the driver knows what they mean,
     *     so each may decide where the keys are: a digest of each value by its path; empty where they are not known
     */
    record Driver(String name, Optional<Map<String, String>> config) implements KmsConfig {

        /** One whose settings are not known. */
        public Driver(String name) {
            this(name, Optional.empty());
        }

        @Override
        public String describe() {
            return "KMS driver " + name;
        }

        /** The settings without those that look like a secret by their name: what may be remembered. */
        public Driver withoutSecrets() {
            return new Driver(
                    name,
                    config.map(all -> all.entrySet().stream()
                            .filter(setting -> !isSecret(setting.getKey()))
                            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue))));
        }

        private static boolean isSecret(String path) {
            return Arrays.stream(path.split("\\.")).anyMatch(Redaction::hidesName);
        }

        /**
         * The settings in which two drivers of one name differ, in order; none where those of one are not known. A secret that only
         * one of them tells is no difference, since it is not remembered.
         *
         * @param drivers which settings count
         */
        public List<String> differences(Driver other, KmsDrivers drivers) {
            if (config.isEmpty() || other.config.isEmpty()) {
                return List.of();
            }
            var mine = config.get();
            var others = other.config.get();
            var paths = new TreeSet<>(mine.keySet());
            paths.addAll(others.keySet());
            paths.removeIf(path -> !drivers.decides(this, path)
                    || Objects.equals(mine.get(path), others.get(path))
                    || (isSecret(path) && (!mine.containsKey(path) || !others.containsKey(path))));
            return List.copyOf(paths);
        }
    }

    /** Any other {@code type}, or none: Canton would not start. */
    record Other(String type) implements KmsConfig {
        @Override
        public String describe() {
            return type.isEmpty() ? "a KMS without type" : "a KMS of unknown type " + type;
        }
    }

    /**
     * Whether a node that used this one finds its keys again with the other.
     *
     * @param drivers which settings of a driver decide that
     */
    default boolean hasTheKeysOf(KmsConfig other, KmsDrivers drivers) {
        if (this instanceof Aws a && other instanceof Aws b) {
            return a.region.toLowerCase(Locale.ROOT).equals(b.region.toLowerCase(Locale.ROOT))
                    || (a.multiRegion && b.multiRegion);
        }
        if (this instanceof Driver a && other instanceof Driver b) {
            return a.name.equals(b.name) && a.differences(b, drivers).isEmpty();
        }
        return equals(other);
    }
}
