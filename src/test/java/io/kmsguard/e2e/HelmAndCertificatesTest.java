// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Helm and the guard write to the same objects, and neither undoes what the other wrote. */
class HelmAndCertificatesTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static ControlPlane plane;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (plane != null) {
            plane.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void helm_leaves_alone_what_the_guard_wrote_and_the_guard_takes_no_field_of_helms(String helm) throws Exception {
        try (var release = Release.install(plane, helm, helm);
                var replica = release.replica(helm + "-pod")) {
            replica.awaitReady();
            release.awaitTrusted();
            var certificates = release.secret();
            var bundles = release.bundles();

            release.upgrade(Release.chart(), "--set", "webhook.timeoutSeconds=7");

            assertThat(release.secret()).isEqualTo(certificates);
            assertThat(release.bundles()).isEqualTo(bundles);
            for (var kind : Release.KINDS) {
                var configuration = release.get(kind, helm);
                assertThat(configuration.at("/webhooks/0/timeoutSeconds").asInt())
                        .isEqualTo(7);
                assertThat(ownedByTheGuard(configuration)).isEqualTo("Update " + onlyBundles(configuration));
            }
            assertThat(release.check())
                    .isEqualTo("0 All is well with Secret %1$s/%1$s-certificates.\n".formatted(helm));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void an_emptied_bundle_heals_and_a_configuration_that_comes_back_gets_one(String helm) throws Exception {
        var name = "heals-" + helm;
        try (var release = Release.install(plane, helm, name);
                var replica = release.replica(name + "-pod")) {
            replica.awaitReady();
            release.awaitTrusted();

            release.tamper(Release.KINDS.get(0));
            release.awaitTrusted();

            release.delete(Release.KINDS.get(1));
            release.upgrade(Release.chart());
            release.awaitTrusted();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void a_later_chart_can_drop_and_add_a_webhook(String helm) throws Exception {
        var name = "later-" + helm;
        try (var release = Release.install(plane, helm, name);
                var replica = release.replica(name + "-pod")) {
            replica.awaitReady();
            release.awaitTrusted();

            var later = copyOfChart(name);
            var webhooks = later.resolve("templates/webhooks.yaml");
            Files.writeString(
                    webhooks, Files.readString(webhooks).replace("nodes.kms-guard.io", "others.kms-guard.io"));
            release.upgrade(later);

            assertThat(Release.webhooks(release.get(Release.KINDS.get(0), name)))
                    .containsExactlyInAnyOrder(
                            "workloads.kms-guard.io",
                            "others.kms-guard.io",
                            "references.kms-guard.io",
                            "secrets.kms-guard.io",
                            "configuration.kms-guard.io");
            release.awaitTrusted();
        }
    }

    private static Path copyOfChart(String name) throws IOException {
        var source = Release.chart();
        var copy = plane.folder().resolve("chart-" + name);
        try (var files = Files.walk(source)) {
            for (var file : files.toList()) {
                Files.copy(file, copy.resolve(source.relativize(file).toString()));
            }
        }
        return copy;
    }

    private static String ownedByTheGuard(JsonNode configuration) {
        for (var entry : configuration.at("/metadata/managedFields")) {
            if (entry.path("manager").asString("").equals("kms-guard")) {
                return entry.path("operation").asString("") + " " + entry.path("fieldsV1");
            }
        }
        return "nothing";
    }

    private static JsonNode onlyBundles(JsonNode configuration) {
        var fields = JSON.createObjectNode();
        var webhooks = fields.putObject("f:webhooks");
        Release.webhooks(configuration).stream()
                .sorted()
                .forEach(name -> webhooks.putObject("k:{\"name\":\"" + name + "\"}")
                        .putObject("f:clientConfig")
                        .putObject("f:caBundle"));
        return fields;
    }
}
