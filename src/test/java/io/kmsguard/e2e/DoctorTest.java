// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code doctor} of an installation by the chart, with a real API server and one replica. */
class DoctorTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NAME = "guard";

    private ControlPlane plane;
    private GuardReplica replica;

    @BeforeEach
    void install() throws IOException {
        plane = ControlPlane.start();
        plane.run(
                        "helm4",
                        "install",
                        NAME,
                        Path.of("manifests", "chart").toAbsolutePath().toString(),
                        "-n",
                        NAME,
                        "--create-namespace")
                .mustSucceed();
        ready(2);
        replica = GuardReplica.start(plane, plane.kubeconfig(NAME, NAME), "guard-one", NAME, NAME);
        var address = plane.kubectl("-n", NAME, "get", "service", NAME, "-o", "jsonpath={.spec.clusterIP}")
                .mustSucceed();
        plane.route(address, 443, () -> Optional.of(replica.port()));
        replica.awaitReady();
        Await.until(
                () -> levels(doctor(plane.kubeconfig())).stream().allMatch(each -> each.startsWith("ok")),
                () -> "all to be well: " + doctor(plane.kubeconfig()));
    }

    @AfterEach
    void end() throws IOException {
        if (replica != null) {
            replica.close();
        }
        if (plane != null) {
            plane.close();
        }
    }

    private void ready(int replicas) throws IOException {
        plane.kubectl(
                        "-n",
                        NAME,
                        "patch",
                        "deployment",
                        NAME,
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"replicas\":2,\"readyReplicas\":" + replicas + "}}")
                .mustSucceed();
    }

    private record Said(int code, JsonNode report) {}

    private static Said doctor(Path kubeconfig, String... more) {
        var out = new ByteArrayOutputStream();
        var line = new ArrayList<>(List.of("doctor", "--installed-as", NAME, "--namespace", NAME, "-o", "json"));
        line.addAll(List.of("--kubeconfig", kubeconfig.toString()));
        line.addAll(List.of(more));
        var code = Main.run(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                Map.of(),
                line.toArray(String[]::new));
        return new Said(code, JSON.readTree(out.toString(StandardCharsets.UTF_8)));
    }

    private static List<String> levels(Said said) {
        return said.report()
                .path("checks")
                .valueStream()
                .map(check -> check.path("level").asString("") + " "
                        + check.path("check").asString(""))
                .toList();
    }

    private static List<String> bad(Said said) {
        return said.report()
                .path("checks")
                .valueStream()
                .filter(check -> check.path("level").asString("").equals("bad"))
                .map(check -> check.path("check").asString("") + ": "
                        + check.path("message").asString(""))
                .toList();
    }

    private static String json(String path, String value) {
        return "[{\"op\":\"replace\",\"path\":\"" + path + "\",\"value\":" + value + "}]";
    }

    private void patch(String kind, String patch) throws IOException {
        plane.kubectl("patch", kind, NAME, "--type=json", "-p", patch).mustSucceed();
    }

    @Test
    void says_that_all_is_well_and_what_an_account_may_not_ask() throws Exception {
        assertThat(levels(doctor(plane.kubeconfig())))
                .containsExactly(
                        "ok webhooks",
                        "ok webhooks",
                        "ok certificates",
                        "ok replicas",
                        "ok reachable",
                        "ok rights",
                        "ok policy",
                        "ok versions",
                        "ok neighbours");
        assertThat(doctor(plane.kubeconfig()).code()).isZero();

        var guards = doctor(plane.kubeconfig(NAME, NAME));
        assertThat(levels(guards))
                .containsExactly(
                        "ok webhooks",
                        "ok webhooks",
                        "ok certificates",
                        "ok replicas",
                        "cannotTell reachable",
                        "ok rights",
                        "ok policy",
                        "ok versions",
                        "ok neighbours");
        assertThat(guards.code()).isZero();
        assertThat(doctor(plane.kubeconfig(NAME, NAME), "--fail-on", "warn").code())
                .isEqualTo(1);
        tellsThatANewerReleaseRuns();
    }

    private void tellsThatANewerReleaseRuns() throws Exception {
        plane.kubectl(
                        "create",
                        "deployment",
                        "participant",
                        "--image=registry.example/canton-participant:0.9.0",
                        "--replicas=0")
                .mustSucceed();
        assertThat(doctor(plane.kubeconfig()).report().path("checks").valueStream())
                .filteredOn(check -> check.path("check").asString("").equals("versions"))
                .extracting(check -> check.path("level").asString("") + ": "
                        + check.path("message").asString(""))
                .containsExactly(
                        "ok: Participants and SV apps by Splice release: 0.9.0 (1).",
                        "warn: Deployment default/participant runs Splice 0.9.0, newer than 0.8.0, the newest release that"
                                + " this guard knows. What is new there only brings warnings.");
    }

    @Test
    void says_what_its_account_its_replicas_and_its_policy_lack() throws Exception {
        plane.kubectl("delete", "clusterrolebinding", NAME).mustSucceed();
        ready(0);
        plane.kubectl(
                        "-n",
                        NAME,
                        "patch",
                        "configmap",
                        NAME + "-policy",
                        "--type=merge",
                        "-p",
                        "{\"data\":{\"policy.yaml\":\"apiVersion: kms-guard.io/v1\\nkind: GuardPolicy\\nrule: {}\\n\"}}")
                .mustSucceed();
        var ill = doctor(plane.kubeconfig());
        assertThat(ill.code()).isEqualTo(1);
        assertThat(bad(ill)).hasSize(3);
        assertThat(bad(ill).get(0)).isEqualTo("replicas: Deployment guard/guard: 0 of 2 replicas are ready.");
        assertThat(bad(ill).get(1))
                .startsWith("rights: ServiceAccount guard/guard may not get deployments; list deployments;");
        assertThat(bad(ill).get(2)).startsWith("policy: ConfigMap guard/guard-policy, policy.yaml:3: ");
    }

    @Test
    void says_that_nobody_is_asked_or_answers() throws Exception {
        replica.terminate();
        patch("validatingwebhookconfiguration", json("/webhooks/0/matchConditions/0/expression", "\"true\""));
        patch("mutatingwebhookconfiguration", json("/webhooks/0/namespaceSelector", "{}"));
        var stopped = doctor(plane.kubeconfig());
        assertThat(bad(stopped))
                .contains(
                        "webhooks: ValidatingWebhookConfiguration guard: workloads.kms-guard.io differs from what this"
                                + " version expects in matchConditions.",
                        "webhooks: MutatingWebhookConfiguration guard: complete.kms-guard.io does not leave out"
                                + " kube-system and guard.")
                .anyMatch(line -> line.startsWith("reachable: The API server does not get through"));

        plane.kubectl("delete", "validatingwebhookconfiguration", NAME).mustSucceed();
        Await.until(
                () -> bad(doctor(plane.kubeconfig()))
                        .contains("reachable: A participant that Canton cannot start passed a dry run in namespace"
                                + " default: the guard was not asked, or its policy lets it pass."),
                () -> "a dry run that passes: " + bad(doctor(plane.kubeconfig())));
        assertThat(bad(doctor(plane.kubeconfig())))
                .contains("webhooks: ValidatingWebhookConfiguration guard is not there: nothing asks the guard.");
    }

    @Test
    void tells_which_neighbours_are_missing_and_which_releases_run() throws Exception {
        plane.kubectl("create", "namespace", "sv").mustSucceed();
        plane.kubectl("delete", "validatingwebhookconfiguration,mutatingwebhookconfiguration", NAME)
                .mustSucceed();
        plane.kubectl("apply", "-f", plane.write("sv.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: sv-app, namespace: sv}
                spec:
                  selector: {matchLabels: {app: sv-app}}
                  template:
                    metadata: {labels: {app: sv-app}}
                    spec:
                      containers:
                      - name: sv-app
                        image: sv-app:0.3.21
                        env: [{name: SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY, value: "vault:secret/sv#key"}]
                """).toString()).mustSucceed();

        var said = doctor(plane.kubeconfig());

        assertThat(bad(said))
                .contains(
                        "neighbours: Deployment sv/sv-app takes values by vault: references, and no webhook of bank-vaults"
                                + " is there to put them in.");
        assertThat(said.report().toString())
                .contains("Participants and SV apps by Splice release: 0.3.21 (1).")
                .contains(
                        "Deployment sv/sv-app is of a release before Splice 0.4, whose charts the rules do not know.");
    }
}
