// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Reads one kind of object by which a controller makes Secrets. All versions of a group are read alike. */
interface SecretMaker {

    /** Whether it reads objects of that kind. */
    boolean reads(String group, String kind);

    /**
     * What an object makes; nothing where it says nothing that can be used.
     *
     * @param self its name, with a namespace
     */
    List<MadeSecret> made(JsonNode object, ObjectRef self);

    /** The names of the fields of a block; none where it is absent. */
    static Set<String> names(JsonNode block) {
        return new TreeSet<>(block.propertyNames());
    }

    /** A text that is not empty, else another. */
    static String text(JsonNode node, String otherwise) {
        var text = node.asString("");
        return text.isEmpty() ? otherwise : text;
    }
}
