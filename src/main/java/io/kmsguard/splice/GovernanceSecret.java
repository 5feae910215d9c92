// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.Map;
import tools.jackson.databind.JsonNode;

public record GovernanceSecret(ObjectRef ref, Map<String, KeyText> keys) implements GuardedObject {
    public static GovernanceSecret read(JsonNode object, String namespace) {
        var metadata = object.path("metadata");
        var own = WorkloadReader.text(metadata, "namespace");
        return new GovernanceSecret(
                new ObjectRef("Secret", own.isEmpty() ? namespace : own, WorkloadReader.text(metadata, "name")),
                SecretData.read(object));
    }
}
