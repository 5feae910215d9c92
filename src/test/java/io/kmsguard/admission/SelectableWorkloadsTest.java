// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Workloads;
import io.kmsguard.splice.Workload;
import io.kmsguard.splice.WorkloadReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class SelectableWorkloadsTest {

    private final Workload one = workload("one", Map.of("app", "a", "tier", "x"));
    private final Workload two = workload("two", Map.of("app", "a", "tier", "y"));
    private final Workload three = workload("three", Map.of("app", "b"));
    private final SelectableWorkloads all = new SelectableWorkloads(List.of(one, two, three));

    private static Workload workload(String name, Map<String, String> labels) {
        var json = Workloads.participant().named(name).json();
        var pod = (ObjectNode) json.at("/spec/template/metadata/labels");
        pod.removeAll();
        labels.forEach(pod::put);
        return ((WorkloadReader.Reading.Read) WorkloadReader.read(json, "")).workload();
    }

    @Test
    void finds_those_that_have_every_label() {
        assertThat(all.labelled(Map.of("app", "a"))).containsExactly(one, two);
        assertThat(all.labelled(Map.of("app", "a", "tier", "y"))).containsExactly(two);
        assertThat(all.labelled(Map.of("app", "b", "tier", "y"))).isEmpty();
        assertThat(all.labelled(Map.of("app", "c"))).isEmpty();
    }

    @Test
    void finds_by_name() {
        assertThat(all.named("three")).containsExactly(three);
        assertThat(all.named("four")).isEmpty();
    }
}
