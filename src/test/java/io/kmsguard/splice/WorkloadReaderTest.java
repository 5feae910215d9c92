// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.splice.WorkloadReader.Reading;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadReaderTest {

    @Test
    void reads_what_a_workload_says_of_itself() {
        var workload = Manifest.read(Manifest.parse("""
                {"kind": "StatefulSet",
                 "metadata": {"name": "p", "annotations": {"a": "b", "c": 1}},
                 "spec": {"replicas": 0, "template": {
                   "metadata": {"labels": {"app": "p"}},
                   "spec": {"serviceAccountName": "robot",
                     "volumes": [{"name": "v"}, {"name": "s", "secret": {"secretName": "x"}}, {}],
                     "initContainers": [{"name": "participant", "image": "canton-participant:1.2.3"}],
                     "containers": [{"name": "c", "image": "i", "volumeMounts": [{"name": "v", "mountPath": "/m", "subPath": "f"}, {"mountPath": "/n"}]}]}}}}
                """));
        assertThat(workload.ref()).isEqualTo(new ObjectRef("StatefulSet", "default", "p"));
        assertThat(workload.annotations()).containsOnly(java.util.Map.entry("a", "b"));
        assertThat(workload.podLabels()).containsOnly(java.util.Map.entry("app", "p"));
        assertThat(workload.serviceAccount()).isEqualTo("robot");
        assertThat(workload.replicas()).isEqualTo(OptionalInt.of(0));
        assertThat(workload.volumes())
                .containsOnly(
                        Map.entry("v", Optional.empty()),
                        Map.entry("s", Optional.of("x")),
                        Map.entry("", Optional.empty()));
        assertThat(workload.hasVolumes()).isTrue();
        assertThat(workload.version()).isEmpty();
        assertThat(workload.containers()).singleElement().satisfies(container -> {
            assertThat(container.path()).isEqualTo("/spec/template/spec/containers/0");
            assertThat(container.mounts())
                    .containsExactly(new Container.Mount("v", "/m", "f"), new Container.Mount("", "/n", ""));
            assertThat(container.hasMounts()).isTrue();
            assertThat(container.hasEnv()).isFalse();
            assertThat(container.roles()).isEmpty();
        });
    }

    @Test
    void a_missing_service_account_is_the_default_one() {
        assertThat(Manifest.participant().read().serviceAccount()).isEqualTo("default");
        assertThat(Manifest.participant().read().replicas()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "registry:5000/x/canton-participant:0.7.2@sha256:abc, 0.6.1, splice-participant-0.5.1, 0.7.2",
        "registry:5000/x/canton-participant@sha256:abc, 0.6.1, splice-participant-0.5.1, 0.6.1",
        "registry:5000/x/canton-participant:latest, main, splice-participant-0.5.1, 0.5.1",
        "canton-participant:latest, main, splice-participant-0.7.4-snapshot.20260819.3601.0.v6f68f6b3, 0.7.4-snapshot",
        "canton-participant, main, splice-participant, ''"
    })
    void the_version_is_of_the_image_else_of_the_labels(String image, String label, String chart, String version) {
        var workload = Manifest.participant()
                .image(image)
                .label("app.kubernetes.io/version", label)
                .label("helm.sh/chart", chart)
                .read();
        assertThat(workload.version().map(SpliceVersion::toString).orElse("")).isEqualTo(version);
    }

    @Test
    void a_sidecar_of_another_version_does_not_count() {
        var manifest = Manifest.participant().label("app.kubernetes.io/version", "0.6.1");
        manifest.image("canton-participant");
        ((tools.jackson.databind.node.ArrayNode) manifest.json()
                        .path("spec")
                        .path("template")
                        .path("spec")
                        .path("containers"))
                .insertObject(0)
                .put("name", "proxy")
                .put("image", "envoy:1.30.0");
        assertThat(manifest.read().version()).contains(SpliceVersion.of(0, 6, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "1",
                "{\"spec\": null}",
                "{\"spec\": {\"template\": []}}",
                "{\"spec\": {\"template\": {\"spec\": {\"containers\": \"x\"}}}}",
                "{\"spec\": {\"template\": {\"spec\": {\"containers\": {\"0\": {}}}}}}"
            })
    void without_a_list_of_containers_it_is_none(String json) {
        assertThat(WorkloadReader.read(Manifest.parse(json), "sv"))
                .isEqualTo(new Reading.Malformed("/spec/template/spec/containers", "is no list of containers"));
    }

    @Test
    void a_container_that_is_no_object() {
        assertThat(WorkloadReader.read(
                        Manifest.parse("{\"spec\": {\"template\": {\"spec\": {\"containers\": [{}, null]}}}}"), "sv"))
                .isEqualTo(new Reading.Malformed("/spec/template/spec/containers/1", "is no object"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"env\": {\"name\": \"ADDITIONAL_CONFIG\"}}",
                "{\"env\": \"x\", \"envFrom\": 1, \"volumeMounts\": {}, \"image\": [], \"name\": 7}",
                "{\"env\": [null, 1, \"x\", [], {}, {\"name\": 1}, {\"name\": null, \"value\": null}]}",
                "{\"env\": [{\"name\": \"A\", \"value\": 1}, {\"name\": \"B\", \"valueFrom\": []},"
                        + "{\"name\": \"C\", \"valueFrom\": {\"secretKeyRef\": 1}},"
                        + "{\"name\": \"D\", \"valueFrom\": {\"secretKeyRef\": {\"name\": 1, \"key\": {}, \"optional\": \"x\"}}},"
                        + "{\"name\": \"E\", \"valueFrom\": {\"fieldRef\": {}}}]}",
                "{\"envFrom\": [null, {}, {\"secretRef\": 1}, {\"prefix\": 1, \"configMapRef\": {\"name\": []}}]}",
                "{\"volumeMounts\": [null, 1, {\"mountPath\": 2}]}"
            })
    void wrong_shapes_inside_a_container_are_passed_over(String json) {
        var manifest = Manifest.participant();
        ((tools.jackson.databind.node.ObjectNode) manifest.json()
                        .path("spec")
                        .path("template")
                        .path("spec")
                        .path("containers")
                        .path(0))
                .removeAll()
                .setAll((tools.jackson.databind.node.ObjectNode) Manifest.parse(json));
        assertThat(manifest.read().containers()).singleElement().satisfies(container -> {
            assertThat(container.config().isJudged()).isTrue();
            assertThat(container.config().cryptos()).isEmpty();
        });
    }

    @Test
    void wrong_shapes_around_the_containers_are_passed_over() {
        var workload = Manifest.read(Manifest.parse(
                "{\"kind\": 1, \"metadata\": [], \"spec\": {\"replicas\": \"x\", \"template\": {\"metadata\": 1, \"spec\":"
                        + " {\"volumes\": {\"a\": 1}, \"serviceAccountName\": {}, \"containers\": []}}}}"));
        assertThat(workload.ref()).isEqualTo(new ObjectRef("", "default", ""));
        assertThat(workload.containers()).isEmpty();
        assertThat(workload.hasVolumes()).isFalse();
    }
}
