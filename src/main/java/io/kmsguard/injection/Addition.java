// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.injection;

import java.util.Map;

/** One thing that an injection adds to a pod template. */
public sealed interface Addition {

    /** Where the pod template of an object stands that is added to; others are left as they are. */
    String TEMPLATE = "/spec/template";

    /** The list that it is added to, as a JSON pointer. */
    String list();

    /** The list's new entry. */
    Map<String, Object> entry();

    /** For people: {@code env GOOGLE_APPLICATION_CREDENTIALS}. */
    String describe();

    /** An environment variable of the container at that path. */
    record Env(String container, Map<String, Object> entry) implements Addition {

        /** With a plain value. */
        static Env value(String container, String name, String value) {
            return new Env(container, Map.of("name", name, "value", value));
        }

        /** From a key of a Secret that must be there. */
        static Env fromSecret(String container, String name, String secret, String key) {
            return new Env(
                    container,
                    Map.of(
                            "name",
                            name,
                            "valueFrom",
                            Map.of("secretKeyRef", Map.of("name", secret, "key", key, "optional", false))));
        }

        @Override
        public String list() {
            return container + "/env";
        }

        @Override
        public String describe() {
            return "env " + entry.get("name");
        }
    }

    /** A mount of the container at that path. */
    record Mount(String container, Map<String, Object> entry) implements Addition {
        @Override
        public String list() {
            return container + "/volumeMounts";
        }

        @Override
        public String describe() {
            return "mount " + entry.get("mountPath");
        }
    }

    /** A volume of the pod. */
    record Volume(Map<String, Object> entry) implements Addition {
        @Override
        public String list() {
            return TEMPLATE + "/spec/volumes";
        }

        @Override
        public String describe() {
            return "volume " + entry.get("name");
        }
    }
}
