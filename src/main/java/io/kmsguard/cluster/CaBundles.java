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
import tools.jackson.databind.node.ArrayNode;

/**
 * Both webhook configurations. What differs is written by a JSON patch of the {@code caBundle} alone, so that no other field
 * becomes the guard's. Server-side apply would make it co-owner of each webhook, name and all, and Helm 4 could never remove one:
 * the torso that stays is refused as invalid.
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

    List<TrustBundles.Seen> see() {
        return configurations.stream().map(this::see).toList();
    }

    private <T extends HasMetadata> TrustBundles.Seen see(Configuration<T> configuration) {
        var what = configuration.kind() + " " + name;
        try {
            var found = configuration.resource().get();
            var bundles = new LinkedHashMap<String, String>();
            if (found != null) {
                configuration
                        .bundles()
                        .apply(found)
                        .forEach((webhook, base64) -> bundles.put(
                                webhook, new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8)));
            }
            return new TrustBundles.Seen(what, bundles, found == null ? what + " is not there" : "");
        } catch (KubernetesClientException failure) {
            return new TrustBundles.Seen(what, Map.of(), ApiTrouble.of(failure, "get " + what));
        }
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
            patch(configuration, found.getMetadata().getResourceVersion(), bundles.size(), base64);
            LOG.atInfo().addKeyValue("configuration", what).log("wrote the caBundle");
            return new Outcome.Done();
        } catch (KubernetesClientException failure) {
            return failure.getCode() == ApiTrouble.CONFLICT
                    ? new Outcome.Overtaken()
                    : new Outcome.Trouble(ApiTrouble.of(failure, doing));
        }
    }

    /** With the version that was read: the places of webhooks are those of that version. */
    private <T extends HasMetadata> void patch(
            Configuration<T> configuration, String version, int webhooks, String base64) {
        var operations = JSON.createArrayNode();
        add(operations, "/metadata/resourceVersion", version);
        for (var place = 0; place < webhooks; place++) {
            add(operations, "/webhooks/" + place + "/clientConfig/caBundle", base64);
        }
        var context = new PatchContext.Builder()
                .withPatchType(PatchType.JSON)
                .withFieldManager(ClusterClient.FIELD_MANAGER)
                .build();
        configuration.resource().patch(context, operations.toString());
    }

    private static void add(ArrayNode operations, String path, String value) {
        operations.addObject().put("op", "add").put("path", path).put("value", value);
    }
}
