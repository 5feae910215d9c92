// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.List;
import java.util.Optional;

/**
 * Where a value stands in a text, as offsets into it.
 *
 * @param start of a block list the dash of its first item, of a block mapping its first key, of flow style the bracket
 * @param end behind the value; of a block list or mapping that of its last value
 * @param anchor the name by which aliases repeat it
 * @param entries of a list without keys
 */
record Place(Form form, int start, int end, Optional<String> anchor, List<Entry> entries) {

    /** How a value is written. JSON is flow style. */
    enum Form {
        SCALAR,
        /** {@code |} or {@code >}: it ends with a line. */
        BLOCK_SCALAR,
        BLOCK_MAPPING,
        BLOCK_LIST,
        FLOW_MAPPING,
        FLOW_LIST,
        /** Its name is the anchor. */
        ALIAS
    }

    /**
     * One value of a list or mapping.
     *
     * @param key empty in a list, and for a key that is no text
     * @param start where it starts, with its key
     */
    record Entry(Optional<String> key, int start, Place value) {}

    boolean isList() {
        return form == Form.BLOCK_LIST || form == Form.FLOW_LIST;
    }

    boolean isMapping() {
        return form == Form.BLOCK_MAPPING || form == Form.FLOW_MAPPING;
    }

    /** The entry of a mapping by its key, of a list by its number; empty where there is none. */
    Optional<Entry> entry(String name) {
        if (isList()) {
            var index = Integer.parseInt(name);
            return index < entries.size() ? Optional.of(entries.get(index)) : Optional.empty();
        }
        return entries.stream()
                .filter(entry -> entry.key().filter(name::equals).isPresent())
                .findFirst();
    }

    /** The value that is written last. */
    Place last() {
        return form == Form.BLOCK_MAPPING || form == Form.BLOCK_LIST
                ? entries.get(entries.size() - 1).value().last()
                : this;
    }
}
