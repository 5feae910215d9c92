// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cli.Main;
import io.kmsguard.policy.Keys;
import io.kmsguard.policy.Workloads;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code audit} by a kubeconfig of a real API server that holds a fleet. */
class AuditTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String KMS = "GCP KMS (project acme-canton, location us-east1, key ring sv-participant)";

    private ControlPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane = ControlPlane.start();
        var fleet = new ArrayList<JsonNode>();
        for (var namespace : List.of("sv-good", "sv-keyless", "validator")) {
            plane.kubectl("create", "namespace", namespace).mustSucceed();
            fleet.add(Workloads.secret(namespace, "gke-credentials", Map.of("googleCredentials", "{}")));
            var service = Workloads.service(namespace, "participant", "participant");
            ((ObjectNode) service.path("spec")).putArray("ports").addObject().put("port", 5002);
            fleet.add(service);
            fleet.add(stored(Workloads.kmsParticipant()
                    .in(namespace)
                    .withEnv("GOOGLE_APPLICATION_CREDENTIALS", "/app/gcp")
                    .withSecretMount("gcp", "gke-credentials", "/app/gcp", "googleCredentials")));
        }
        fleet.add(Workloads.secret("sv-good", Workloads.SECRET, Keys.generate().texts()));
        fleet.add(stored(Workloads.keyedSvApp().in("sv-good")));
        fleet.add(stored(Workloads.svApp().in("sv-keyless")));
        fleet.add(stored(Workloads.svApp()
                .in("validator")
                .named("validator-app")
                .withContainerName("validator-app")
                .withImage("registry.example/validator-app:0.7.3")
                .withoutEnv("ADDITIONAL_CONFIG_SV_DOMAIN_CURRENT")
                .withoutEnv("SPLICE_APP_SV_PARTICIPANT_ADDRESS")
                .withEnv("SPLICE_APP_VALIDATOR_PARTICIPANT_ADDRESS", "participant.validator.svc.cluster.local")));
        apply(fleet);
    }

    @AfterEach
    void end() throws IOException {
        if (plane != null) {
            plane.close();
        }
    }

    /** With what a real API server asks for. */
    private static JsonNode stored(Workloads workload) {
        return workload.with(object -> ((ObjectNode) object.path("spec"))
                        .putObject("selector")
                        .set("matchLabels", object.at("/spec/template/metadata/labels")))
                .json();
    }

    private void apply(List<JsonNode> objects) throws IOException {
        var list = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        list.putArray("items").addAll(objects);
        plane.kubectl("apply", "-f", plane.write("fleet.json", list.toString()).toString())
                .mustSucceed();
    }

    private record Said(int code, JsonNode report) {

        List<String> rows() {
            return report.path("fleet")
                    .valueStream()
                    .map(row -> Stream.of(
                                    "/kind",
                                    "/app/namespace",
                                    "/app/name",
                                    "/participant/name",
                                    "/version",
                                    "/keys",
                                    "/kms",
                                    "/governanceKey",
                                    "/flag",
                                    "/decision",
                                    "/next")
                            .map(field -> row.at(field).asString())
                            .toList()
                            .toString())
                    .toList();
        }
    }

    private static Said audit(Path kubeconfig, String... more) {
        var out = new ByteArrayOutputStream();
        var line = new ArrayList<>(List.of("audit", "-o", "json", "--kubeconfig", kubeconfig.toString()));
        line.addAll(List.of(more));
        var code = Main.run(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                Map.of(),
                line.toArray(String[]::new));
        return new Said(code, JSON.readTree(out.toString(StandardCharsets.UTF_8)));
    }

    private static final String GOOD =
            "[sv, sv-good, sv-app, participant, 0.7.3, kms, " + KMS + ", valid, set, allow, ]";

    @Test
    void tells_the_state_of_each_sv() throws IOException {
        var said = audit(plane.kubeconfig());

        assertThat(said.rows())
                .containsExactly(
                        GOOD,
                        "[sv, sv-keyless, sv-app, participant, 0.7.3, kms, " + KMS + ", absent, missing, deny, set"
                                + " synchronizers.current.cometBFT.externalGovernanceKey: true in the values of"
                                + " splice-sv-node 0.7.3]",
                        "[validator, validator, validator-app, participant, 0.7.3, kms, " + KMS
                                + ", not-needed, not-needed, allow, ]");
        assertThat(said.report().path("gaps")).isEmpty();
        assertThat(said.report().at("/results/0/uid").asString())
                .isEqualTo(plane.kubectl(
                                "-n", "sv-good", "get", "deployment", "participant", "-o", "jsonpath={.metadata.uid}")
                        .mustSucceed());
        assertThat(said.code()).isEqualTo(1);
    }

    @Test
    void an_account_with_rights_on_one_namespace_audits_that() throws IOException {
        plane.kubectl("-n", "sv-good", "create", "serviceaccount", "auditor").mustSucceed();
        plane.kubectl(
                        "-n",
                        "sv-good",
                        "create",
                        "role",
                        "auditor",
                        "--verb=get,list",
                        "--resource=deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,services,secrets,configmaps,serviceaccounts")
                .mustSucceed();
        plane.kubectl(
                        "-n",
                        "sv-good",
                        "create",
                        "rolebinding",
                        "auditor",
                        "--role=auditor",
                        "--serviceaccount=sv-good:auditor")
                .mustSucceed();
        var kubeconfig = plane.kubeconfig("sv-good", "auditor");

        var one = audit(kubeconfig, "-n", "sv-good");
        var all = audit(kubeconfig);

        assertThat(one.rows()).containsExactly(GOOD);
        assertThat(one.report().path("gaps")).isEmpty();
        assertThat(one.report().path("scope").asString()).endsWith(", without sight of all other namespaces");
        assertThat(one.code()).isZero();
        assertThat(all.report().path("gaps").findValuesAsString("what"))
                .containsExactly(
                        "deployments in all namespaces",
                        "statefulsets in all namespaces",
                        "daemonsets in all namespaces",
                        "replicasets in all namespaces",
                        "secrets " + Workloads.SECRET + " in all namespaces",
                        "ConfigMap kms-guard/kms-guard-identities");
        assertThat(all.rows()).isEmpty();
        assertThat(all.code()).isEqualTo(2);
    }

    @Test
    void an_sv_that_a_finalizer_holds_is_not_judged() throws IOException {
        plane.kubectl(
                        "-n",
                        "sv-keyless",
                        "patch",
                        "deployment",
                        "sv-app",
                        "--type=merge",
                        "-p",
                        "{\"metadata\":{\"finalizers\":[\"example.com/held\"]}}")
                .mustSucceed();
        plane.kubectl("-n", "sv-keyless", "delete", "deployment", "sv-app", "--wait=false")
                .mustSucceed();

        var said = audit(plane.kubeconfig(), "-n", "sv-keyless");

        assertThat(said.rows())
                .containsExactly("[participant, sv-keyless, participant, participant, 0.7.3, kms, " + KMS
                        + ", not-needed, not-needed, warn, set both before the SV app is installed]");
        assertThat(said.code()).isZero();
    }
}
