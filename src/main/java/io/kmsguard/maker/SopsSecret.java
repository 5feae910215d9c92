// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** A SopsSecret of the SOPS Secrets Operator. Its values are encrypted, the names of its keys are not. */
final class SopsSecret implements SecretMaker {

    @Override
    public boolean reads(String group, String kind) {
        return group.equals("isindir.github.com") && kind.equals("SopsSecret");
    }

    @Override
    public List<MadeSecret> made(JsonNode object, ObjectRef self) {
        return object.at("/spec/secretTemplates")
                .valueStream()
                .map(template -> {
                    var keys = new TreeSet<>(SecretMaker.names(template.path("stringData")));
                    keys.addAll(SecretMaker.names(template.path("data")));
                    return new MadeSecret(
                            new ObjectRef(
                                    "Secret",
                                    self.namespace(),
                                    template.path("name").asString("")),
                            self,
                            true,
                            Optional.of(keys),
                            "spec.secretTemplates[].stringData");
                })
                .toList();
    }
}
