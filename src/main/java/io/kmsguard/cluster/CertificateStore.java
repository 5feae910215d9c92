// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import java.util.Map;

/** The Secret that holds an installation's own certificates. */
public interface CertificateStore {

    /** What came of reading. */
    sealed interface Reading {}

    /**
     * What it holds.
     *
     * @param version of the Secret; a write on top of it fails where there is a newer one
     * @param texts by key; with private keys
     */
    record Held(String version, Map<String, String> texts) implements Reading {
        /** Without the keys. */
        @Override
        public String toString() {
            return "Held[" + version + "]";
        }
    }

    /**
     * It cannot be read.
     *
     * @param why a clause
     */
    record Unreadable(String why) implements Reading {}

    /** Asks the API server. */
    Reading read();

    /** Puts other texts in the place of those that were read, if nobody else did meanwhile. */
    Outcome write(Held before, Map<String, String> texts);

    /** That of an installation. It must be there already: the guard may not create one. */
    static CertificateStore of(ClusterClient cluster, Installation installation) {
        return new CertificateSecret(cluster.client(), installation);
    }
}
