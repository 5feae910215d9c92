// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import io.kmsguard.splice.ObjectRef;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A Secret that a controller makes or fills.
 *
 * @param secret which one; of a namespace without a name where it may be any
 * @param maker the object that says so
 * @param creates whether it is made where it is not there; else only what is there is filled
 * @param keys the keys that it brings; empty where no manifest tells them
 * @param field where the maker names them, in its own terms
 */
public record MadeSecret(ObjectRef secret, ObjectRef maker, boolean creates, Optional<Set<String>> keys, String field) {

    /** The same Secret, of two makers: together they bring what each brings. */
    MadeSecret and(MadeSecret other) {
        return new MadeSecret(
                secret,
                creates ? maker : other.maker,
                creates || other.creates,
                keys.flatMap(mine -> other.keys.map(theirs -> {
                    var all = new TreeSet<>(mine);
                    all.addAll(theirs);
                    return all;
                })),
                field);
    }

    /** Of those keys, the ones that it is known not to bring. */
    public Set<String> lacking(Set<String> needed) {
        var lacking = new TreeSet<>(needed);
        keys.ifPresentOrElse(lacking::removeAll, lacking::clear);
        return lacking;
    }
}
