// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

/**
 * Names one namespaced Kubernetes object.
 *
 * @param kind its kind, for example {@code Deployment}
 * @param namespace its namespace; never empty
 * @param name its name; empty only while the API server has still to make one from {@code generateName}
 */
public record ObjectRef(String kind, String namespace, String name) {

    /** The form that messages use: {@code Deployment sv/sv-app}. */
    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name;
    }
}
