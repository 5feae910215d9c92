// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy.rule;

import static io.kmsguard.policy.Subjects.change;
import static io.kmsguard.policy.Subjects.creationOf;
import static io.kmsguard.policy.Subjects.creationOfSecret;
import static io.kmsguard.policy.Workloads.PUBLIC_ENV;
import static io.kmsguard.policy.Workloads.participant;
import static io.kmsguard.policy.Workloads.svApp;
import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.policy.Subjects;
import io.kmsguard.policy.Workloads;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DuplicateEnvTest {

    private static final String NAME = "ADDITIONAL_CONFIG_X";
    private static final String REPLACE =
            "replace instead of patching: helm upgrade --force (Helm 4: --force-replace) or kubectl replace";

    private static List<String> found(Subjects subject) {
        return Found.by(new DuplicateEnv(), subject);
    }

    private static Workloads twice() {
        return participant().withEnv(NAME, "a = 1").withEnv(NAME, "a = 2");
    }

    private static String lost(String container, String name) {
        return "BROKEN SEEN container " + container + ": env " + name + " stood 2 times and this update leaves none:"
                + " Kubernetes drops all of one name when a patch removes one | ";
    }

    @Test
    void warns_of_configuration_that_stands_twice() {
        assertThat(found(creationOf(twice())))
                .containsExactly(
                        "ADVISABLE SEEN container participant: env " + NAME + " stands 2 times; only the last one"
                                + " counts, and a later update that removes one would remove all | remove it from additionalEnvVars"
                                + " in the values, where it repeats what the chart sets | /spec/template/spec/containers/0/env/3");
    }

    @Test
    void warns_of_a_governance_env_that_stands_twice() {
        assertThat(found(creationOf(svApp().withEnv(PUBLIC_ENV, "a").withEnv(PUBLIC_ENV, "b"))))
                .singleElement()
                .asString()
                .contains("env " + PUBLIC_ENV + " stands 2 times");
    }

    @Test
    void allows_any_other_env_twice() {
        assertThat(found(creationOf(participant().withEnv("LOG", "a").withEnv("LOG", "b"))))
                .isEmpty();
        assertThat(found(creationOfSecret(Map.of()))).isEmpty();
    }

    @Test
    void refuses_an_update_that_loses_all_of_them() {
        assertThat(found(change(twice(), participant())))
                .containsExactly(
                        lost("participant", NAME) + REPLACE + "; or give the one that stays another ADDITIONAL_CONFIG"
                                + " name | /spec/template/spec/containers/0/env");
        assertThat(found(change(svApp().withEnv(PUBLIC_ENV, "a").withEnv(PUBLIC_ENV, "b"), svApp())))
                .containsExactly(lost("sv-app", PUBLIC_ENV) + REPLACE + " | /spec/template/spec/containers/0/env");
    }

    @Test
    void allows_an_update_that_leaves_one_or_renames_the_one_that_counts() {
        assertThat(found(change(twice(), participant().withEnv(NAME, "a = 2")))).isEmpty();
        assertThat(found(change(twice(), participant().withEnv(NAME + "_2", "a = 2"))))
                .isEmpty();
        assertThat(found(change(twice(), participant().withEnv(NAME + "_2", "a = 1"))))
                .hasSize(1);
    }

    @Test
    void allows_an_update_that_loses_one_that_stood_once() {
        assertThat(found(change(participant().withEnv(NAME, "a = 1"), participant())))
                .isEmpty();
        assertThat(found(change(twice(), participant().withContainerName("participant-2"))))
                .isEmpty();
    }
}
