// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The Secret, read and patched by name. */
final class CertificateSecret implements CertificateStore {

    private static final JsonMapper JSON = new JsonMapper();

    private final Resource<Secret> secret;
    private final String place;

    CertificateSecret(KubernetesClient client, Installation installation) {
        this.secret = client.secrets().inNamespace(installation.namespace()).withName(installation.certificates());
        this.place = "Secret " + installation.namespace() + "/" + installation.certificates();
    }

    @Override
    public Reading read() {
        try {
            var found = secret.get();
            return found == null
                    ? new Unreadable(place + " is not there; it comes with the installation")
                    : new Held(
                            found.getMetadata().getResourceVersion(),
                            texts(Optional.ofNullable(found.getData()).orElse(Map.of())));
        } catch (KubernetesClientException failure) {
            return new Unreadable(ApiTrouble.of(failure, "get " + place));
        }
    }

    /** What a Secret holds, as text; what is no base64 holds nothing. */
    static Map<String, String> texts(Map<String, String> data) {
        var texts = new TreeMap<String, String>();
        data.forEach((key, value) -> {
            try {
                texts.put(key, new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException notBase64) {
                texts.put(key, "");
            }
        });
        return texts;
    }

    @Override
    public Outcome write(Held before, Map<String, String> texts) {
        var patch = JSON.createObjectNode();
        patch.putObject("metadata").put("resourceVersion", before.version());
        var data = patch.putObject("data");
        before.texts().keySet().forEach(data::putNull);
        texts.forEach((key, text) ->
                data.put(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        var context = new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(ClusterClient.FIELD_MANAGER)
                .build();
        try {
            secret.patch(context, patch.toString());
            return new Outcome.Done();
        } catch (KubernetesClientException failure) {
            return failure.getCode() == ApiTrouble.CONFLICT
                    ? new Outcome.Overtaken()
                    : new Outcome.Trouble(ApiTrouble.of(failure, "patch " + place));
        }
    }
}
