// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

/** What tells API servers whom to trust: the {@code caBundle} of an installation's webhook configurations. */
public interface TrustBundles {

    /**
     * Sees to it that each webhook of each configuration trusts these; a configuration that is not there is left out.
     *
     * @param bundle certificates, PEM
     */
    Outcome write(String bundle);

    /** Those of an installation. */
    static TrustBundles of(ClusterClient cluster, Installation installation) {
        return new CaBundles(cluster.client(), installation);
    }
}
