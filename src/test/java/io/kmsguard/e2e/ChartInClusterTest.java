// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What the chart and {@code install.yaml} hold, as a real API server understands it. */
class ChartInClusterTest {

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

    private static String chart() {
        return Path.of("manifests", "chart").toAbsolutePath().toString();
    }

    private static String install() {
        return Path.of("manifests", "install.yaml").toAbsolutePath().toString();
    }

    @Test
    void plain_manifests_can_be_applied_again_and_again() throws IOException {
        plane.kubectl("create", "namespace", "kms-guard").mustSucceed();
        plane.kubectl("apply", "--server-side", "-f", install()).mustSucceed();

        plane.kubectl("apply", "--server-side", "-f", install()).mustSucceed();

        plane.kubectl("delete", "-f", install()).mustSucceed();
    }

    @Test
    void the_pods_are_admitted_where_the_restricted_profile_is_enforced() throws IOException {
        var rendered = plane.run("helm4", "template", "strict", chart(), "-n", "strict")
                .mustSucceed();
        plane.write("strict.yaml", rendered);
        plane.kubectl("create", "namespace", "strict").mustSucceed();
        plane.kubectl("label", "namespace", "strict", "pod-security.kubernetes.io/enforce=restricted")
                .mustSucceed();
        plane.kubectl("apply", "-f", plane.folder().resolve("strict.yaml").toString(), "-l", "app.kubernetes.io/name")
                .mustSucceed();

        for (var kind : List.of("deployment/strict", "job/strict-unregister")) {
            var owner = JSON.readTree(
                    plane.kubectl("-n", "strict", "get", kind, "-o", "json").mustSucceed());
            var pod = JSON.createObjectNode();
            pod.put("apiVersion", "v1").put("kind", "Pod");
            pod.putObject("metadata").put("name", "probe").put("namespace", "strict");
            pod.set("spec", owner.at("/spec/template/spec"));
            plane.kubectl(
                            "create",
                            "--dry-run=server",
                            "-f",
                            plane.write("pod.json", pod.toString()).toString())
                    .mustSucceed();
        }
        plane.kubectl("delete", "validatingwebhookconfiguration,mutatingwebhookconfiguration", "strict")
                .mustSucceed();
    }

    @Test
    void the_removal_hook_removes_both_configurations_and_may_do_nothing_else() throws IOException {
        plane.run("helm4", "install", "leaving", chart(), "-n", "leaving", "--create-namespace")
                .mustSucceed();
        var hooks = plane.run(
                        "helm4",
                        "template",
                        "leaving",
                        chart(),
                        "-n",
                        "leaving",
                        "--show-only",
                        "templates/unregister.yaml")
                .mustSucceed();
        plane.kubectl("apply", "-f", plane.write("hooks.yaml", hooks).toString())
                .mustSucceed();
        assertThat(hooks).contains("helm.sh/hook: pre-delete");
        var kubeconfig = plane.kubeconfig("leaving", "leaving-unregister");

        assertThat(InProcess.run(
                        Map.of(), "unregister", "--installed-as", "leaving", "--kubeconfig", kubeconfig.toString()))
                .isEqualTo("""
                        0 Removed ValidatingWebhookConfiguration leaving.
                        Removed MutatingWebhookConfiguration leaving.
                        """);
        assertThat(InProcess.run(
                        Map.of(), "unregister", "--installed-as", "leaving", "--kubeconfig", kubeconfig.toString()))
                .isEqualTo("""
                        0 ValidatingWebhookConfiguration leaving is not there.
                        MutatingWebhookConfiguration leaving is not there.
                        """);
        assertThat(InProcess.run(
                        Map.of(), "unregister", "--installed-as", "other", "--kubeconfig", kubeconfig.toString()))
                .startsWith("2 kms-guard: ")
                .contains("lacks the right to get ValidatingWebhookConfiguration other (403).\n");
        plane.run("helm4", "uninstall", "leaving", "-n", "leaving", "--no-hooks")
                .mustSucceed();
    }

    @Test
    void a_configuration_that_is_not_the_guards_is_left_alone() throws IOException {
        plane.kubectl("apply", "-f", plane.write("theirs.yaml", """
                apiVersion: admissionregistration.k8s.io/v1
                kind: MutatingWebhookConfiguration
                metadata: {name: theirs}
                webhooks:
                - name: inject.example.com
                  admissionReviewVersions: [v1]
                  sideEffects: None
                  failurePolicy: Ignore
                  clientConfig: {url: "https://127.0.0.1:1/"}
                """).toString()).mustSucceed();

        assertThat(InProcess.run(
                        Map.of(),
                        "unregister",
                        "--installed-as",
                        "theirs",
                        "--kubeconfig",
                        plane.kubeconfig().toString()))
                .isEqualTo("""
                        2 ValidatingWebhookConfiguration theirs is not there.
                        kms-guard: MutatingWebhookConfiguration theirs is not the guard's: it has other webhooks.
                        """);
    }
}
