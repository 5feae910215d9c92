// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

/**
 * Names one Kubernetes object: a namespaced one, or a Namespace.
 *
 * @param kind its kind, for example {@code Deployment}
 * @param namespace its namespace; never empty
 * @param name its name; empty only while the API server has still to make one from {@code generateName}
 */
public record ObjectRef(String kind, String namespace, String name) {

    private static final String NAMESPACE = "Namespace";

    /** A Namespace; as in an AdmissionReview, its namespace is itself. */
    public static ObjectRef ofNamespace(String name) {
        return new ObjectRef(NAMESPACE, name, name);
    }

    /** The form that messages use: {@code Deployment sv/sv-app}. */
    @Override
    public String toString() {
        if (kind.equals(NAMESPACE)) {
            return kind + " " + name;
        }
        return kind + " " + namespace + "/" + name;
    }
}
