// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Locale;

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

    /** {@code type = driver}. */
    record Driver(String name) implements KmsConfig {
        @Override
        public String describe() {
            return "KMS driver " + name;
        }
    }

    /** Any other {@code type}, or none: Canton would not start. */
    record Other(String type) implements KmsConfig {
        @Override
        public String describe() {
            return type.isEmpty() ? "a KMS without type" : "a KMS of unknown type " + type;
        }
    }

    /** Whether a node that used this one finds its keys again with the other. */
    default boolean hasTheKeysOf(KmsConfig other) {
        if (this instanceof Aws a && other instanceof Aws b) {
            return a.region.toLowerCase(Locale.ROOT).equals(b.region.toLowerCase(Locale.ROOT))
                    || (a.multiRegion && b.multiRegion);
        }
        return equals(other);
    }
}
