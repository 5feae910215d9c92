// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.Manifest;
import io.kmsguard.admission.ManifestReader;
import io.kmsguard.cluster.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What this version of the chart installs, as {@code manifests/install.yaml} in the jar says it. */
final class ExpectedInstallation {

    private static final String RESOURCE = "/io/kmsguard/install.yaml";

    /** The name and the namespace in that file. */
    private static final String NAME = "kms-guard";

    private final List<JsonNode> objects;

    private ExpectedInstallation(List<JsonNode> objects) {
        this.objects = objects;
    }

    /** Reads the file. */
    static ExpectedInstallation read() {
        try (var file = ExpectedInstallation.class.getResourceAsStream(RESOURCE)) {
            if (file == null) {
                throw new IllegalStateException("no file at " + RESOURCE);
            }
            var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return new ExpectedInstallation(ManifestReader.read(RESOURCE, text).manifests().stream()
                    .map(Manifest::object)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All rules of the cluster role, or of the role in the guard's namespace. */
    List<JsonNode> rules(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asString("").equals(kind))
                .flatMap(object -> object.path("rules").valueStream())
                .toList();
    }

    /** The webhooks of a configuration. */
    List<JsonNode> webhooks(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asString("").equals(kind))
                .flatMap(object -> object.path("webhooks").valueStream())
                .toList();
    }

    /** What an object of that file is called in an installation. */
    static String named(String name, Installation installation) {
        return name.equals(NAME) || name.startsWith(NAME + "-")
                ? installation.name() + name.substring(NAME.length())
                : name;
    }
}
