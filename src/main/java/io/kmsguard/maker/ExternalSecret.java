// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** An ExternalSecret of External Secrets (API reference of external-secrets.io, v1 and v1beta1). */
final class ExternalSecret implements SecretMaker {

    @Override
    public boolean reads(String group, String kind) {
        return group.equals("external-secrets.io") && kind.equals("ExternalSecret");
    }

    @Override
    public List<MadeSecret> made(JsonNode object, ObjectRef self) {
        return of(object.path("spec"), self, self.namespace(), self.name());
    }

    /** @param name of the Secret where the target names none */
    static List<MadeSecret> of(JsonNode spec, ObjectRef maker, String namespace, String name) {
        var target = spec.path("target");
        var policy = target.path("creationPolicy").asString("Owner");
        if (policy.equals("None")) {
            return List.of();
        }
        return List.of(new MadeSecret(
                new ObjectRef("Secret", namespace, SecretMaker.text(target.path("name"), name)),
                maker,
                !policy.equals("Merge"),
                keys(spec, target.path("template")),
                "spec.data[].secretKey"));
    }

    private static Optional<Set<String>> keys(JsonNode spec, JsonNode template) {
        var templated = SecretMaker.names(template.path("data"));
        if (!template.path("templateFrom").isEmpty()) {
            return Optional.empty();
        }
        if (!templated.isEmpty()
                && template.path("mergePolicy").asString("Replace").equals("Replace")) {
            return Optional.of(templated);
        }
        if (!spec.path("dataFrom").isEmpty()) {
            return Optional.empty();
        }
        var keys = new TreeSet<>(templated);
        spec.path("data").forEach(entry -> keys.add(entry.path("secretKey").asString("")));
        return Optional.of(keys);
    }
}
