// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

/** An object that the guard reviews. */
public interface GuardedObject {
    /** Its name. */
    ObjectRef ref();
}
