// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** A SealedSecret of Bitnami's Sealed Secrets. */
final class SealedSecret implements SecretMaker {

    @Override
    public boolean reads(String group, String kind) {
        return group.equals("bitnami.com") && kind.equals("SealedSecret");
    }

    @Override
    public List<MadeSecret> made(JsonNode object, ObjectRef self) {
        var spec = object.path("spec");
        var keys = new TreeSet<>(SecretMaker.names(spec.path("encryptedData")));
        keys.addAll(SecretMaker.names(spec.at("/template/data")));
        var name = SecretMaker.text(spec.at("/template/metadata/name"), self.name());
        return List.of(new MadeSecret(
                new ObjectRef("Secret", self.namespace(), name), self, true, Optional.of(keys), "spec.encryptedData"));
    }
}
