// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** A SecretProviderClass of the Secrets Store CSI driver, which makes Secrets while a pod mounts it. */
final class SecretProviderClass implements SecretMaker {

    @Override
    public boolean reads(String group, String kind) {
        return group.equals("secrets-store.csi.x-k8s.io") && kind.equals("SecretProviderClass");
    }

    @Override
    public List<MadeSecret> made(JsonNode object, ObjectRef self) {
        return object.at("/spec/secretObjects")
                .valueStream()
                .map(secret -> {
                    var keys = new TreeSet<String>();
                    secret.path("data")
                            .forEach(entry -> keys.add(entry.path("key").asString("")));
                    return new MadeSecret(
                            new ObjectRef(
                                    "Secret",
                                    self.namespace(),
                                    secret.path("secretName").asString("")),
                            self,
                            true,
                            Optional.of(keys),
                            "spec.secretObjects[].data[].key");
                })
                .toList();
    }
}
