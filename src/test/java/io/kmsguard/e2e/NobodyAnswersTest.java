// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The guard installed, and no replica of it there: what the cluster can still do. */
class NobodyAnswersTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String RELEASE = "0.7.3";

    private static ControlPlane plane;

    /** A participant ran before. */
    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
        plane.kubectl("create", "namespace", "sv").mustSucceed();
        plane.kubectl("create", "namespace", "before").mustSucceed();
        plane.kubectl("-n", "before", "create", "deployment", "participant", "--image=canton-participant:0.7.3")
                .mustSucceed();
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
        insist();
        for (var called : List.of("sv", "odd")) {
            Await.until(
                    () -> plane.kubectl(
                                    "-n",
                                    called,
                                    "create",
                                    "deployment",
                                    "participant",
                                    "--image=canton-participant:0.7.3",
                                    "--dry-run=server")
                            .err()
                            .contains("failed calling webhook"),
                    () -> "a webhook that is called");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (plane != null) {
            plane.close();
        }
    }

    @Test
    void everything_but_participants_and_sv_apps_deploys() throws IOException {
        var participant = install("participant", "participant-no-kms");
        var svApp = install("sv-app", "sv-cometbft-default");

        assertThat(participant.err()).contains("failed calling webhook \"workloads.kms-guard.io\"");
        assertThat(svApp.err()).contains("failed calling webhook \"workloads.kms-guard.io\"");
        install("domain", "global-domain").mustSucceed();
        install("validator", "sv-validator").mustSucceed();
        plane.kubectl("-n", "sv", "create", "deployment", "web", "--image=none").mustSucceed();
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

    private static Ran install(String name, String scenario) throws IOException {
        return plane.run("helm4", "install", name, AppChart.of(plane, RELEASE, scenario), "-n", "sv");
    }

    @Test
    void a_participant_that_runs_can_be_scaled_and_deleted() throws IOException {
        var running = "deployment/participant";
        assertThat(plane.kubectl("-n", "before", "set", "env", running, "A=b").err())
                .contains("failed calling webhook \"workloads.kms-guard.io\"");

        plane.kubectl("-n", "before", "scale", running, "--replicas=0").mustSucceed();
        plane.kubectl("-n", "before", "delete", running).mustSucceed();
    }

    /** What lacks what is usually there, and what the API server itself says to it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "taken", textBlock = """
            no env             | {containers: [{name: web, image: web}]}                                             | taken
            null env           | {containers: [{name: web, image: web, env: null}]}                                  | taken
            env without value  | {containers: [{name: web, image: web, env: [{name: A}]}]}                           | taken
            env by reference   | {containers: [{name: web, image: web, env: [{name: A, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]}]} | taken
            no image           | {containers: [{name: web}]}                                                         | containers[0].image: Required value
            no name            | {containers: [{image: web}]}                                                        | containers[0].name: Required value
            nameless env       | {containers: [{name: web, image: web, env: [{value: x}]}]}                          | env[0].name: Required value
            no containers      | {containers: []}                                                                    | spec.template.spec.containers: Required value
            only what is begun | {initContainers: [{name: participant, image: canton-participant}]}                  | spec.template.spec.containers: Required value
            no pod             | null                                                                                | spec.template.spec.containers: Required value
            """)
    void what_lacks_fields_is_left_to_the_api_server(String what, String podSpec, @Nullable String refusal)
            throws IOException {
        var file = plane.write("odd.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: odd, namespace: odd}
                spec:
                  selector: {matchLabels: {app: odd}}
                  template:
                    metadata: {labels: {app: odd}}
                    spec: %s
                """.formatted(podSpec)).toString();

        var ran = plane.kubectl("create", "--dry-run=server", "--validate=false", "-f", file);

        if (refusal == null) {
            assertThat(ran.err()).isEmpty();
            assertThat(ran.out()).isEqualTo("deployment.apps/odd created (server dry run)\n");
        } else {
            assertThat(ran.err())
                    .startsWith("The Deployment \"odd\" is invalid: ")
                    .contains(refusal);
        }
    }

    /** In one namespace each webhook insists: elsewhere an expression that fails would pass for one that says no. */
    private static void insist() throws IOException {
        plane.kubectl("create", "namespace", "odd").mustSucceed();
        for (var kind : Release.KINDS) {
            var configuration = (ObjectNode) JSON.readTree(
                    plane.kubectl("get", kind, "kms-guard", "-o", "json").mustSucceed());
            configuration.putObject("metadata").put("name", "insisting");
            configuration.path("webhooks").forEach(webhook -> {
                var each = (ObjectNode) webhook;
                each.put("failurePolicy", "Fail");
                each.putObject("namespaceSelector").putObject("matchLabels").put("kubernetes.io/metadata.name", "odd");
            });
            plane.kubectl(
                            "create",
                            "-f",
                            plane.write("insisting.json", configuration.toString())
                                    .toString())
                    .mustSucceed();
        }
    }
}
