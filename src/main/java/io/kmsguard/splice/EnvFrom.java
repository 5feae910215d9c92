// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

/**
 * One entry of a container's {@code envFrom}: every key of a ConfigMap or Secret becomes an environment variable, below
 * those of {@code env} in precedence.
 *
 * @param kind {@code ConfigMap} or {@code Secret}
 * @param prefix put before each key; may be empty
 */
public record EnvFrom(String kind, String name, String prefix, boolean optional) {

    @Override
    public String toString() {
        return kind + " " + name + " (envFrom)";
    }
}
