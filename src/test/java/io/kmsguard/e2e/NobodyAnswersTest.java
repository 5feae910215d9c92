// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The guard installed, and no replica of it there: what the cluster can still do. */
class NobodyAnswersTest {

    private static final String RELEASE = "0.7.3";

    @Test
    void everything_but_participants_and_sv_apps_deploys() throws IOException {
        try (var plane = ControlPlane.start()) {
            plane.kubectl("create", "namespace", "sv").mustSucceed();
            plane.run(
                            "helm4",
                            "install",
                            "kms-guard",
                            Path.of("manifests", "chart").toAbsolutePath().toString(),
                            "-n",
                            "kms-guard",
                            "--create-namespace",
                            "--set",
                            "replicas=0")
                    .mustSucceed();

            var participant = install(plane, "participant", "participant-no-kms");
            var svApp = install(plane, "sv-app", "sv-cometbft-default");

            assertThat(participant.err()).contains("failed calling webhook \"workloads.kms-guard.io\"");
            assertThat(svApp.err()).contains("failed calling webhook \"workloads.kms-guard.io\"");
            install(plane, "domain", "global-domain").mustSucceed();
            install(plane, "validator", "sv-validator").mustSucceed();
            plane.kubectl("-n", "sv", "create", "deployment", "web", "--image=none")
                    .mustSucceed();
            plane.kubectl(
                            "-n",
                            "sv",
                            "create",
                            "secret",
                            "generic",
                            "splice-app-sv-cometbft-governance-key",
                            "--from-literal=public=x")
                    .mustSucceed();
            plane.kubectl("-n", "sv", "delete", "secret", "splice-app-sv-cometbft-governance-key")
                    .mustSucceed();
        }
    }

    private static Ran install(ControlPlane plane, String name, String scenario) throws IOException {
        return plane.run("helm4", "install", name, AppChart.of(plane, RELEASE, scenario), "-n", "sv");
    }
}
