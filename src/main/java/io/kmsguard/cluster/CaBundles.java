// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Both webhook configurations. What differs is written by server-side apply, with nothing in it but the names and the
 * {@code caBundle}: no other field becomes the guard's, and whoever manages the rest has no conflict.
 */
final class CaBundles implements TrustBundles {

    private static final Logger LOG = LoggerFactory.getLogger(CaBundles.class);
    private static final JsonMapper JSON = new JsonMapper();

    /** One of the two kinds, and how it is read. */
    private record Configuration<T extends HasMetadata>(
            String kind, Resource<T> resource, Function<T, Map<String, String>> bundles) {}

    private final List<Configuration<?>> configurations;
    private final String name;

    CaBundles(KubernetesClient client, Installation installation) {
        this.name = installation.name();
        var v1 = client.admissionRegistration().v1();
        this.configurations = List.of(
                new Configuration<>(
                        "ValidatingWebhookConfiguration",
                        v1.validatingWebhookConfigurations().withName(name),
                        CaBundles::validating),
                new Configuration<>(
                        "MutatingWebhookConfiguration",
                        v1.mutatingWebhookConfigurations().withName(name),
                        CaBundles::mutating));
    }

    /** The {@code caBundle} (base64; may be empty) of each webhook by its name. */
    static Map<String, String> validating(ValidatingWebhookConfiguration configuration) {
        var bundles = new LinkedHashMap<String, String>();
        Stream.ofNullable(configuration.getWebhooks())
                .flatMap(List::stream)
                .forEach(webhook -> bundles.put(webhook.getName(), bundle(webhook.getClientConfig())));
        return bundles;
    }

    /** The {@code caBundle} (base64; may be empty) of each webhook by its name. */
    static Map<String, String> mutating(MutatingWebhookConfiguration configuration) {
        var bundles = new LinkedHashMap<String, String>();
        Stream.ofNullable(configuration.getWebhooks())
                .flatMap(List::stream)
                .forEach(webhook -> bundles.put(webhook.getName(), bundle(webhook.getClientConfig())));
        return bundles;
    }

    private static String bundle(WebhookClientConfig config) {
        return Optional.ofNullable(config.getCaBundle()).orElse("");
    }

    @Override
    public Outcome write(String bundle) {
        var base64 = Base64.getEncoder().encodeToString(bundle.getBytes(StandardCharsets.UTF_8));
        for (var configuration : configurations) {
            var outcome = write(configuration, base64);
            if (!(outcome instanceof Outcome.Done)) {
                return outcome;
            }
        }
        return new Outcome.Done();
    }

    private <T extends HasMetadata> Outcome write(Configuration<T> configuration, String base64) {
        var what = configuration.kind() + " " + name;
        var doing = "get " + what;
        try {
            var found = configuration.resource().get();
            if (found == null) {
                return new Outcome.Done();
            }
            var bundles = configuration.bundles().apply(found);
            if (bundles.values().stream().allMatch(base64::equals)) {
                return new Outcome.Done();
            }
            doing = "patch " + what;
            apply(configuration, found.getMetadata().getResourceVersion(), bundles, base64);
            LOG.atInfo().addKeyValue("configuration", what).log("wrote the caBundle");
            return new Outcome.Done();
        } catch (KubernetesClientException failure) {
            return failure.getCode() == ApiTrouble.CONFLICT
                    ? new Outcome.Overtaken()
                    : new Outcome.Trouble(ApiTrouble.of(failure, doing));
        }
    }

    /** With the version that was read: what was deleted or lost a webhook since must not come back. */
    private <T extends HasMetadata> void apply(
            Configuration<T> configuration, String version, Map<String, String> bundles, String base64) {
        var object = JSON.createObjectNode();
        object.put("apiVersion", "admissionregistration.k8s.io/v1");
        object.put("kind", configuration.kind());
        object.putObject("metadata").put("name", name).put("resourceVersion", version);
        var webhooks = object.putArray("webhooks");
        bundles.keySet()
                .forEach(webhook -> webhooks.addObject()
                        .put("name", webhook)
                        .putObject("clientConfig")
                        .put("caBundle", base64));
        var context = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(ClusterClient.FIELD_MANAGER)
                .withForce(true)
                .build();
        configuration.resource().patch(context, object.toString());
    }
}
