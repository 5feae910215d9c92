// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A Secret that holds, or should hold, a CometBFT governance key.
 *
 * @param ref its name
 * @param keys the texts by key, as a container gets them
 * @param immutable whether its content can never be changed
 * @param filler what fills it, which is still empty, as a clause; empty where its content is its own
 */
public record GovernanceSecret(ObjectRef ref, Map<String, KeyText> keys, boolean immutable, Optional<String> filler)
        implements GuardedObject {

    /** The Secret's name in the splice-sv-node chart. */
    public static final String NAME = "splice-app-sv-cometbft-governance-key";

    /** The key of the Secret under which the chart reads the public half. */
    public static final String PUBLIC = "public";

    /** The key of the Secret under which the chart reads the private half (the seed). */
    public static final String PRIVATE = "private";

    /**
     * Reads a Secret.
     *
     * @param namespace the namespace where the object names none
     */
    public static GovernanceSecret read(JsonNode secret, String namespace) {
        var metadata = secret.path("metadata");
        var own = WorkloadReader.text(metadata, "namespace");
        var immutable = secret.path("immutable");
        return new GovernanceSecret(
                new ObjectRef("Secret", own.isEmpty() ? namespace : own, WorkloadReader.text(metadata, "name")),
                SecretData.read(secret),
                immutable.isBoolean() && immutable.booleanValue(),
                SecretFiller.of(secret));
    }
}
