// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Watches the Secret with an installation's certificates, and the {@code caBundle} of its webhook configurations: each by its name, with
 * which the right to list is the right to that one alone.
 */
public final class CertificateWatch implements AutoCloseable {

    private static final String REGISTRATION = "apis/admissionregistration.k8s.io/v1/";

    private final ResourceWatch<Map<String, String>> secret;
    private final List<ResourceWatch<List<String>>> configurations;

    /** Asks for nothing before {@link #start}. */
    CertificateWatch(ApiReads api, Installation installation) {
        var namespace = installation.namespace();
        var where = "in namespace " + namespace;
        var secrets = "api/v1/namespaces/" + namespace + "/secrets";
        this.secret = new ResourceWatch<>(
                api,
                target(secrets, "secrets", installation.certificates(), where),
                object -> Optional.of(CertificateSecret.texts(WatchedConfigMap.texts(object))));
        this.configurations = List.of(
                configuration(api, "validatingwebhookconfigurations", installation.name()),
                configuration(api, "mutatingwebhookconfigurations", installation.name()));
    }

    private static ResourceWatch<List<String>> configuration(ApiReads api, String resource, String name) {
        return new ResourceWatch<>(
                api,
                target(REGISTRATION + resource, resource, name, "of the cluster"),
                object -> Optional.of(bundles(object)));
    }

    private static ResourceWatch.Target target(String path, String resource, String name, String where) {
        return new ResourceWatch.Target(path, "&fieldSelector=metadata.name%3D" + name, resource + " " + name, where);
    }

    private static List<String> bundles(JsonNode configuration) {
        return configuration
                .path("webhooks")
                .valueStream()
                .map(webhook -> webhook.path("clientConfig").path("caBundle").asString(""))
                .toList();
    }

    /**
     * Begins, without waiting for the API server.
     *
     * @param onChange called after each change, by a thread that must not be held up
     */
    public void start(Runnable onChange) {
        secret.start(onChange);
        configurations.forEach(each -> each.start(onChange));
    }

    /**
     * What the Secret holds, by key, as last seen; with private keys. Empty where it was not seen yet: the first call waits until it
     * was, or it is known why not, or that time is over, or the thread is interrupted.
     */
    public Optional<Map<String, String>> texts(Duration most) {
        secret.await(most);
        return secret.isSynced()
                ? Optional.of(secret.objects().values().stream().findFirst().orElse(Map.of()))
                : Optional.empty();
    }

    @Override
    public void close() {
        secret.close();
        configurations.forEach(ResourceWatch::close);
    }
}
