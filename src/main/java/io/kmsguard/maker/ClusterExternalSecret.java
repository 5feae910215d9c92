// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.maker;

import io.kmsguard.splice.ObjectRef;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A ClusterExternalSecret of External Secrets: an ExternalSecret in each namespace that it names or selects. */
final class ClusterExternalSecret implements SecretMaker {

    @Override
    public boolean reads(String group, String kind) {
        return group.equals("external-secrets.io") && kind.equals("ClusterExternalSecret");
    }

    @Override
    public List<MadeSecret> made(JsonNode object, ObjectRef self) {
        var spec = object.path("spec");
        var maker = new ObjectRef(self.kind(), "", self.name());
        var name = SecretMaker.text(spec.path("externalSecretName"), self.name());
        var selects = !spec.path("namespaceSelector").isMissingNode()
                || !spec.path("namespaceSelectors").isEmpty();
        // Which namespaces a selector takes depends on their labels, so it may be any.
        return Stream.concat(
                        spec.path("namespaces").valueStream().map(each -> each.asString("")),
                        selects ? Stream.of("") : Stream.of())
                .flatMap(namespace ->
                        ExternalSecret.of(spec.path("externalSecretSpec"), maker, namespace, name).stream())
                .toList();
    }
}
