// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

/** The two webhooks, by the path that the API server calls. */
public enum Webhook {
    VALIDATE("/validate"),
    MUTATE("/mutate");

    private final String path;

    Webhook(String path) {
        this.path = path;
    }

    /** The URL path, for example {@code /validate}. */
    public String path() {
        return path;
    }
}
