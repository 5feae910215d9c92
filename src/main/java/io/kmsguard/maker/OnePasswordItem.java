// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A OnePasswordItem of the 1Password operator: its Secret has a key for each field of the item, which no manifest tells. */
final class OnePasswordItem implements SecretMaker {

    @Override
    public boolean reads(String group, String kind) {
        return group.equals("onepassword.com") && kind.equals("OnePasswordItem");
    }

    @Override
    public List<MadeSecret> made(JsonNode object, ObjectRef self) {
        return List.of(new MadeSecret(
                new ObjectRef("Secret", self.namespace(), self.name()),
                self,
                true,
                Optional.empty(),
                "the labels of the item's fields"));
    }
}
