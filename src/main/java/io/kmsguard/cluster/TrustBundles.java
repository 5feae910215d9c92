// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import java.util.List;
import java.util.Map;

/** What tells API servers whom to trust: the {@code caBundle} of an installation's webhook configurations. */
public interface TrustBundles {

    /**
     * Sees to it that each webhook of each configuration trusts these; a configuration that is not there is left out.
     *
     * @param bundle certificates, PEM
     */
    Outcome write(String bundle);

    /**
     * A webhook configuration as it is.
     *
     * @param what kind and name
     * @param bundles the {@code caBundle} (PEM; may be empty) of each webhook by its name
     * @param trouble why it cannot be read, a clause; empty where it can
     */
    record Seen(String what, Map<String, String> bundles, String trouble) {}

    /** Looks at both configurations of an installation. */
    static List<Seen> see(ClusterClient cluster, Installation installation) {
        return new CaBundles(cluster.client(), installation).see();
    }

    /** Those of an installation. */
    static TrustBundles of(ClusterClient cluster, Installation installation) {
        return new CaBundles(cluster.client(), installation);
    }
}
