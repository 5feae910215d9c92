// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.bench;

import tools.jackson.databind.node.ArrayNode;

/** The env of one container while it is built. */
final class EnvList {

    private final ArrayNode env;

    EnvList(ArrayNode env) {
        this.env = env;
    }

    void add(String name, String value) {
        env.addObject().put("name", name).put("value", value);
    }

    void fromSecret(String name, String secret, String key) {
        env.addObject()
                .put("name", name)
                .putObject("valueFrom")
                .putObject("secretKeyRef")
                .put("name", secret)
                .put("key", key)
                .put("optional", false);
    }

    /** Adds what no rule reads until there are that many. */
    void fillUpTo(int count) {
        for (int i = env.size(); i < count; i++) {
            add("SPLICE_SETTING_" + i, "https://setting-" + i + ".sv.example.com/api");
        }
    }
}
