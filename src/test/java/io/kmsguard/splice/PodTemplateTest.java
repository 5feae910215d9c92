// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PodTemplateTest {

    private static final JsonMapper JSON = new JsonMapper();

    private static final String POD =
            "{'initContainers':[{'name':'setup'},{'name':'participant','restartPolicy':'Always'}],'containers':[{'name':'main'}]}";

    private static JsonNode json(String text) {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static JsonNode object(String apiVersion, String kind) {
        var spec = switch (kind) {
            case "Pod" -> POD;
            case "CronJob" -> "{'jobTemplate':{'spec':{'template':{'spec':" + POD + "}}}}";
            default -> "{'template':{'spec':" + POD + "}}";
        };
        return json("{'apiVersion':'" + apiVersion + "','kind':'" + kind + "','metadata':{'name':'x'},'spec':" + spec
                + "}");
    }

    @ParameterizedTest
    @CsvSource({
        "apps/v1, Deployment, /spec/template",
        "apps/v1, StatefulSet, /spec/template",
        "apps/v1, DaemonSet, /spec/template",
        "apps/v1, ReplicaSet, /spec/template",
        "v1, ReplicationController, /spec/template",
        "v1, Pod, ''",
        "batch/v1, Job, /spec/template",
        "batch/v1, CronJob, /spec/jobTemplate/spec/template",
        "argoproj.io/v1alpha1, Rollout, /spec/template"
    })
    void is_found_wherever_a_kind_has_it(String apiVersion, String kind, String pointer) {
        var object = object(apiVersion, kind);

        assertThat(PodTemplate.isIn(object)).isTrue();
        var workload = ((WorkloadReader.Reading.Read) WorkloadReader.read(object, "sv")).workload();
        assertThat(workload.template()).isEqualTo(pointer);
        assertThat(workload.containers().stream().map(Container::path))
                .containsExactly(pointer + "/spec/containers/0", pointer + "/spec/initContainers/1");
        assertThat(workload.containers().stream().map(Container::isInit)).containsExactly(false, true);
    }

    @Test
    void what_a_controller_made_is_not_looked_at_beside_it() {
        var pod = object("v1", "Pod");
        ((tools.jackson.databind.node.ObjectNode) pod.path("metadata"))
                .set("ownerReferences", json("[{'kind':'ReplicaSet','controller':true}]"));

        assertThat(PodTemplate.isIn(pod)).isFalse();
    }

    @Test
    void other_objects_have_none() {
        assertThat(PodTemplate.isIn(json("{'apiVersion':'v1','kind':'Service','spec':{'selector':{}}}")))
                .isFalse();
        assertThat(PodTemplate.isIn(json("{'apiVersion':'v1','kind':'PodTemplate','template':{'spec':{}}}")))
                .isFalse();
        assertThat(PodTemplate.isIn(json("{'apiVersion':'other.io/v1','kind':'Deployment','spec':{}}")))
                .isFalse();
    }
}
