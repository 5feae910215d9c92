// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A VaultStaticSecret, VaultDynamicSecret or VaultPKISecret of the Vault Secrets Operator. */
final class VaultSecret implements SecretMaker {

    private static final Set<String> KINDS = Set.of("VaultStaticSecret", "VaultDynamicSecret", "VaultPKISecret");

    @Override
    public boolean reads(String group, String kind) {
        return group.equals("secrets.hashicorp.com") && KINDS.contains(kind);
    }

    @Override
    public List<MadeSecret> made(JsonNode object, ObjectRef self) {
        var destination = object.at("/spec/destination");
        var transformation = destination.path("transformation");
        var templates = SecretMaker.names(transformation.path("templates"));
        // Else what Vault holds is there too, which no manifest tells.
        var isTold = !templates.isEmpty() && transformation.path("excludeRaw").asBoolean(false);
        return List.of(new MadeSecret(
                new ObjectRef(
                        "Secret", self.namespace(), destination.path("name").asString("")),
                self,
                destination.path("create").asBoolean(false),
                isTold ? Optional.of(templates) : Optional.empty(),
                "spec.destination.transformation.templates"));
    }
}
