// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/** The connection by which an installation looks after its own objects. Nothing is asked before somebody does. */
public final class ClusterClient implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Shorter than a leader may go without renewing, so that one lost answer does not end a leadership. */
    private static final Duration ANSWER = Duration.ofSeconds(4);

    /** The name under which the API server remembers which fields are the guard's. */
    static final String FIELD_MANAGER = "kms-guard";

    private final KubernetesClient client;

    private ClusterClient(KubernetesClient client) {
        this.client = client;
    }

    /** One for that cluster. */
    public static ClusterClient of(ClusterAccess.Configured access) {
        // An API server ends HTTP/2 connections by GOAWAY, which this Java's client takes for a failure of what is
        // under way.
        // Whoever asks tries again in its own time, and says meanwhile what the trouble is.
        var config = new ConfigBuilder(access.config())
                .withRequestRetryBackoffLimit(0)
                .withConnectionTimeout((int) CONNECT.toMillis())
                .withRequestTimeout((int) ANSWER.toMillis())
                .withHttp2Disable(true)
                .build();
        return new ClusterClient(TrustedClient.of(config));
    }

    KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }
}
