// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of Canton's {@code crypto} block as data (CryptoConfig and KmsConfig of Canton 3.3 to 3.5). Canton refuses
 * any other ({@code allowUnknownKeys = false}), so each unknown key is a crash loop.
 */
final class CryptoFields {

    private static final Set<CantonLine> ALL = EnumSet.allOf(CantonLine.class);
    private static final Set<CantonLine> SINCE_3_4 = EnumSet.complementOf(EnumSet.of(CantonLine.V3_3));
    private static final Set<CantonLine> SINCE_3_5 = EnumSet.complementOf(EnumSet.of(CantonLine.V3_3, CantonLine.V3_4));

    private static final Field RETRIES = optional("retries", Form.BLOCK);
    private static final Field AUDIT_LOGGING = optional("audit-logging", Form.FLAG);
    private static final Field ENDPOINT = optional("endpoint-override", Form.TEXT);
    private static final Field TYPE = new Field("type", Form.TEXT, true, ALL);
    private static final Field SESSION_SIGNING_KEYS = new Field("session-signing-keys", Form.BLOCK, false, SINCE_3_4);

    /** Below {@code crypto}. */
    static final List<Field> CRYPTO = List.of(
            optional("provider", Form.TEXT),
            optional("signing", Form.BLOCK),
            optional("encryption", Form.BLOCK),
            optional("symmetric", Form.BLOCK),
            optional("hash", Form.BLOCK),
            optional("pbkdf", Form.BLOCK),
            optional("kms", Form.BLOCK),
            new Field("session-signing-keys", Form.BLOCK, false, SINCE_3_5),
            optional("private-key-store", Form.BLOCK),
            optional("parallelism", Form.ANY));

    private static final Map<String, List<Field>> KMS = Map.of(
            "aws",
            List.of(
                    TYPE,
                    needed("region", Form.AWS_REGION),
                    optional("multi-region-key", Form.FLAG),
                    AUDIT_LOGGING,
                    RETRIES,
                    optional("disable-ssl-verification", Form.FLAG),
                    ENDPOINT,
                    SESSION_SIGNING_KEYS),
            "gcp",
            List.of(
                    TYPE,
                    needed("location-id", Form.GCP_LOCATION),
                    needed("project-id", Form.GCP_PROJECT),
                    needed("key-ring-id", Form.GCP_KEY_RING),
                    AUDIT_LOGGING,
                    RETRIES,
                    ENDPOINT,
                    SESSION_SIGNING_KEYS),
            "driver",
            List.of(
                    TYPE,
                    needed("name", Form.TEXT),
                    optional("config", Form.ANY),
                    optional("health-check-period", Form.TEXT),
                    RETRIES,
                    SESSION_SIGNING_KEYS));

    private CryptoFields() {}

    /** What a field's value looks like. */
    enum Form {
        TEXT,
        FLAG,
        AWS_REGION,
        GCP_LOCATION,
        GCP_PROJECT,
        GCP_KEY_RING,
        BLOCK,
        ANY
    }

    /** @param lines the lines of Canton that know it */
    record Field(String name, Form form, boolean needed, Set<CantonLine> lines) {}

    /** The fields below {@code crypto.kms} for that {@code type}; empty for a type that Canton does not know. */
    static Optional<List<Field>> ofType(String type) {
        return Optional.ofNullable(KMS.get(type));
    }

    private static Field optional(String name, Form form) {
        return new Field(name, form, false, ALL);
    }

    private static Field needed(String name, Form form) {
        return new Field(name, form, true, ALL);
    }
}
