// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

/** What is done to the object, in Kubernetes' words. */
public enum Operation {
    CREATE,
    UPDATE,
    DELETE
}
