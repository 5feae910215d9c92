// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlPlaneTest {

    @Test
    void deployments_become_available_without_a_node() throws IOException {
        try (var plane = ControlPlane.start().withControllers()) {
            plane.kubectl("create", "deployment", "web", "--image=none", "--replicas=2")
                    .mustSucceed();

            plane.kubectl("rollout", "status", "deployment/web", "--timeout=80s")
                    .mustSucceed();

            assertThat(plane.kubectl("get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}")
                            .out())
                    .isEqualTo("2");
        }
    }

    @Test
    void a_wait_in_vain_tells_what_there_was_instead() throws IOException {
        try (var plane = ControlPlane.start().withControllers()) {
            plane.kubectl("cordon", "kwok").mustSucceed();
            plane.kubectl("create", "deployment", "web", "--image=none").mustSucceed();

            var ran = plane.kubectl("rollout", "status", "deployment/web", "--timeout=5s");

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.err())
                    .contains("timed out waiting for the condition")
                    .containsPattern(
                            "FailedScheduling +pod/web-[^ ]+ +0/1 nodes are available: 1 node\\(s\\) were unschedulable");
        }
    }

    @Test
    void an_api_server_that_comes_back_knows_what_it_stored() throws Exception {
        try (var plane = ControlPlane.start()) {
            plane.kubectl("create", "namespace", "kept").mustSucceed();

            plane.stopApiServer();
            plane.restartApiServer();

            assertThat(plane.kubectl("get", "namespace", "kept", "-o", "name").mustSucceed())
                    .isEqualTo("namespace/kept\n");
        }
    }

    @Test
    void a_child_does_not_outlive_the_pipe_to_its_parent() throws Exception {
        KubeAssets.find();
        var folder = java.nio.file.Files.createTempDirectory("kms-guard-child");
        var child = ChildProcess.start("sleeper", folder, Map.of(), List.of("sleep", "1000"));
        Await.until(() -> child.pid().length() > 0, () -> "the child's start");
        var sleeper = ProcessHandle.of(Long.parseLong(child.pid())).orElseThrow();
        assertThat(sleeper.isAlive()).isTrue();

        child.close();

        Await.until(() -> !sleeper.isAlive(), () -> "its end");
    }
}
