// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The API server notes nobody as the manager of what a webhook adds. So no apply conflicts with it or removes it, and what
 * others manage stays theirs.
 */
class FieldManagersTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String RELEASE = "0.7.3";
    private static final String SCENARIO = "participant-kms-gcp-bare";
    private static final String POD = "/f:spec/f:template/f:spec";
    private static final String CONTAINER = POD + "/f:containers/k:{\"name\":\"participant\"}";

    /** What is injected. */
    private static final List<String> INJECTED = List.of(
            CONTAINER + "/f:env/k:{\"name\":\"GOOGLE_APPLICATION_CREDENTIALS\"}",
            CONTAINER + "/f:volumeMounts/k:{\"mountPath\":\"/app/gcp-credentials.json\"}",
            POD + "/f:volumes/k:{\"name\":\"gcp-credentials\"}");

    /** Some of what the chart has. */
    private static final List<String> CHARTS = List.of(
            "/f:spec/f:replicas",
            CONTAINER + "/f:image",
            CONTAINER + "/f:env/k:{\"name\":\"LOG_LEVEL_CANTON\"}",
            POD + "/f:volumes/k:{\"name\":\"logback-config\"}");

    private static ControlPlane plane;
    private static Guard guard;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
        guard = Guard.install(plane, "helm4");
    }

    @AfterAll
    static void stop() throws IOException {
        if (guard != null) {
            guard.close();
        }
        if (plane != null) {
            plane.close();
        }
    }

    private static Ran helm(
            String helm, String namespace, String verb, String variant, UnaryOperator<String> values, String... options)
            throws IOException {
        var chart = AppChart.of(plane, RELEASE, SCENARIO, variant, values);
        var line = new ArrayList<>(List.of(verb, "participant", chart, "-n", namespace));
        line.addAll(List.of(options));
        return plane.run(helm, line.toArray(String[]::new));
    }

    private static String logging(String manifests) {
        return manifests.replace(
                "- name: LOG_LEVEL_CANTON\n          value: INFO", "- name: LOG_LEVEL_CANTON\n          value: WARN");
    }

    private static JsonNode stored(String namespace) throws IOException {
        return JSON.readTree(plane.kubectl(
                        "-n", namespace, "get", "deployment", "participant", "-o", "json", "--show-managed-fields")
                .mustSucceed());
    }

    /** Of each field the managers with their operations, sorted. */
    private static Map<String, List<String>> owners(JsonNode object, List<String> fields) {
        var owners = new TreeMap<String, List<String>>();
        for (var field : fields) {
            owners.put(
                    field,
                    object.at("/metadata/managedFields")
                            .valueStream()
                            .filter(entry ->
                                    !find(entry.path("fieldsV1"), field).isMissingNode())
                            .map(entry -> entry.path("manager").asString("") + " "
                                    + entry.path("operation").asString(""))
                            .sorted()
                            .toList());
        }
        return owners;
    }

    private static JsonNode find(JsonNode tree, String path) {
        var at = tree;
        // A key may hold slashes.
        for (var name : path.substring(1).split("/(?=[fk]:)", -1)) {
            at = at.path(name);
        }
        return at;
    }

    private static Map<String, List<String>> all(List<String> fields, String... managers) {
        var owners = new TreeMap<String, List<String>>();
        fields.forEach(field -> owners.put(field, List.of(managers)));
        return owners;
    }

    private static JsonNode container(JsonNode object) {
        return object.at("/spec/template/spec/containers/0");
    }

    private static String env(JsonNode object, String name) {
        return container(object)
                .path("env")
                .valueStream()
                .filter(each -> each.path("name").asString("").equals(name))
                .map(each -> each.path("value").asString(""))
                .toList()
                .toString();
    }

    private static void assertInjected(JsonNode object) {
        assertThat(env(object, "GOOGLE_APPLICATION_CREDENTIALS")).isEqualTo("[/app/gcp-credentials.json]");
        assertThat(container(object).path("volumeMounts").findValuesAsString("name"))
                .containsExactly("logback-config", "gcp-credentials");
        assertThat(object.at("/spec/template/spec/volumes")
                        .valueStream()
                        .map(each -> each.path("name").asString("")))
                .containsExactly("logback-config", "gcp-credentials");
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void what_is_injected_is_nobodys_and_upgrades_leave_it(String helm) throws Exception {
        var namespace = "upgrades-" + helm;
        plane.kmsNamespace(namespace);

        helm(helm, namespace, "install", "first", manifests -> manifests).mustSucceed();
        var installed = stored(namespace);
        helm(helm, namespace, "upgrade", "second", FieldManagersTest::logging).mustSucceed();
        helm(helm, namespace, "upgrade", "second", FieldManagersTest::logging).mustSucceed();

        var upgraded = stored(namespace);
        for (var object : List.of(installed, upgraded)) {
            assertInjected(object);
            assertThat(owners(object, INJECTED)).isEqualTo(all(INJECTED));
            assertThat(owners(object, CHARTS)).isEqualTo(all(CHARTS, chartManager(helm)));
        }
        assertThat(env(upgraded, "LOG_LEVEL_CANTON")).isEqualTo("[WARN]");
        assertThat(upgraded.at("/metadata/generation").asInt()).isEqualTo(2);
    }

    @Test
    void the_flags_of_helm_4_change_nothing_of_it() throws Exception {
        plane.kmsNamespace("flags");
        helm("helm4", "flags", "install", "first", manifests -> manifests).mustSucceed();

        helm("helm4", "flags", "upgrade", "second", FieldManagersTest::logging, "--force-conflicts")
                .mustSucceed();
        assertInjected(stored("flags"));
        helm("helm4", "flags", "upgrade", "first", manifests -> manifests, "--server-side=false")
                .mustSucceed();

        assertInjected(stored("flags"));
        assertThat(owners(stored("flags"), INJECTED)).isEqualTo(all(INJECTED));
        assertThat(env(stored("flags"), "LOG_LEVEL_CANTON")).isEqualTo("[INFO]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void another_manager_applies_beside_helm(String helm) throws Exception {
        var namespace = "gitops-" + helm;
        plane.kmsNamespace(namespace);
        helm(helm, namespace, "install", "first", manifests -> manifests).mustSucceed();
        var rendered = plane.write(
                namespace + ".yaml",
                helm(helm, namespace, "template", "first", manifests -> manifests)
                        .mustSucceed());

        for (var time = 0; time < 2; time++) {
            plane.kubectl(
                            "apply",
                            "--server-side",
                            "--force-conflicts",
                            "--field-manager=gitops",
                            "-n",
                            namespace,
                            "-f",
                            rendered.toString())
                    .mustSucceed();
        }
        var applied = stored(namespace);
        assertInjected(applied);
        assertThat(owners(applied, INJECTED)).isEqualTo(all(INJECTED));
        assertThat(owners(applied, CHARTS)).isEqualTo(all(CHARTS, "gitops Apply", chartManager(helm)));
    }

    /** Whoever takes the notes' advice, and says it in the values. */
    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void what_the_values_say_later_takes_the_place_of_what_was_injected(String helm) throws Exception {
        var namespace = "later-" + helm;
        plane.kmsNamespace(namespace);
        helm(helm, namespace, "install", "first", manifests -> manifests).mustSucceed();

        UnaryOperator<String> own = manifests -> manifests.replace(
                "        - name: LOG_LEVEL_CANTON\n",
                "        - name: GOOGLE_APPLICATION_CREDENTIALS\n          value: /app/gcp-credentials.json\n        - name: LOG_LEVEL_CANTON\n");
        var same = helm(helm, namespace, "upgrade", "same", own);
        UnaryOperator<String> elsewhere =
                manifests -> own.apply(manifests).replace("/app/gcp-credentials.json", "/app/other.json");
        var another = helm(helm, namespace, "upgrade", "another", elsewhere);

        same.mustSucceed();
        another.mustSucceed();
        var said = stored(namespace);
        assertThat(env(said, "GOOGLE_APPLICATION_CREDENTIALS")).isEqualTo("[/app/other.json]");
        var value = INJECTED.get(0) + "/f:value";
        assertThat(owners(said, List.of(value))).isEqualTo(all(List.of(value), chartManager(helm)));
    }

    private static String chartManager(String helm) {
        return helm.equals("helm3") ? "helm Update" : "helm Apply";
    }
}
