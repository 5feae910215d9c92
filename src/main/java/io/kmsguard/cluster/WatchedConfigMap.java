// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Watches one ConfigMap of an installation by its name, with which the right to list is the right to that one alone. */
public final class WatchedConfigMap implements AutoCloseable {

    private final ResourceWatch<Map<String, String>> watch;
    private final String place;

    private WatchedConfigMap(ClusterSurroundings cluster, String namespace, String name) {
        this.place = "ConfigMap " + namespace + "/" + name;
        this.watch = new ResourceWatch<>(
                cluster.api(),
                new ResourceWatch.Target(
                        "api/v1/namespaces/" + namespace + "/configmaps",
                        "&fieldSelector=metadata.name%3D" + name,
                        "configmaps " + name,
                        "in namespace " + namespace),
                object -> Optional.of(texts(object)));
    }

    /** The one with the policy. Asks for nothing before {@link #start}. */
    public static WatchedConfigMap policy(ClusterSurroundings cluster, Installation installation) {
        return new WatchedConfigMap(cluster, installation.namespace(), installation.policy());
    }

    /** The one with the identity memory. */
    static WatchedConfigMap identities(ClusterSurroundings cluster, Installation installation) {
        return new WatchedConfigMap(cluster, installation.namespace(), installation.identities());
    }

    /** The texts of a ConfigMap by key. */
    static Map<String, String> texts(JsonNode configMap) {
        var texts = new TreeMap<String, String>();
        configMap
                .path("data")
                .properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString("")));
        return texts;
    }

    /**
     * Begins, and returns.
     *
     * @param onChange called after each change, by a thread that must not be held up
     */
    public void start(Runnable onChange) {
        watch.start(onChange);
    }

    /** What messages call it. */
    public String place() {
        return place;
    }

    /** Whether the API server has told once what there is. */
    public boolean isSeen() {
        return watch.isSynced();
    }

    /** Its texts by key, as last heard; empty where it is not there. */
    public Optional<Map<String, String>> texts() {
        return watch.objects().values().stream().findFirst();
    }

    /** Why it is not heard of at this moment, in a clause. */
    public Optional<String> trouble() {
        return watch.trouble();
    }

    @Override
    public void close() {
        watch.close();
    }
}
