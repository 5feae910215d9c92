// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A typo in the first installation's KMS is corrected while the participant was never available, and not after. */
class FirstInstallTest {

    private static ControlPlane plane;
    private static Guard guard;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start();
        guard = Guard.install(plane, "helm4");
    }

    @AfterAll
    static void stop() throws IOException {
        if (guard != null) {
            guard.close();
        }
        if (plane != null) {
            plane.close();
        }
    }

    /** The exit code of a check against the cluster, and what it prints. */
    private static String check(String namespace, String ring) throws IOException {
        return InProcess.run(
                Map.of(), "check", "--live", "--kubeconfig=" + plane.kubeconfig(), manifest(namespace, ring, "INFO"));
    }

    private static Ran apply(String namespace, String ring, String logLevel) throws IOException {
        return plane.kubectl("apply", "-f", manifest(namespace, ring, logLevel));
    }

    private static String manifest(String namespace, String ring, String logLevel) throws IOException {
        return plane.write("participant.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: participant, namespace: %s}
                spec:
                  selector: {matchLabels: {app: participant}}
                  template:
                    metadata: {labels: {app: participant}}
                    spec:
                      containers:
                      - name: participant
                        image: registry.example.com/canton-participant:0.7.3
                        env:
                        - {name: LOG_LEVEL_CANTON, value: %s}
                        - {name: CANTON_PARTICIPANT_POSTGRES_SERVER, value: participant-pg}
                        - {name: CANTON_PARTICIPANT_POSTGRES_DB, value: participant_0}
                        - name: ADDITIONAL_CONFIG_KMS
                          value: 'canton.participants.participant.crypto { provider = kms, kms { type = driver, name = hsm,
                            config { slot = %s } } }'
                """.formatted(namespace, logLevel, ring))
                .toString();
    }

    /** As the Deployment's controller does it, which does not run here. */
    private static void isUnavailable(String namespace, String since) throws IOException {
        plane.kubectl(
                        "-n",
                        namespace,
                        "patch",
                        "deployment",
                        "participant",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"replicas\":1,\"unavailableReplicas\":1,\"conditions\":[{\"type\":\"Available\",\"status\":"
                                + "\"False\",\"reason\":\"MinimumReplicasUnavailable\",\"lastTransitionTime\":\""
                                + since
                                + "\"}]}}")
                .mustSucceed();
    }

    private static String created(String namespace) throws IOException {
        return plane.kubectl(
                        "-n",
                        namespace,
                        "get",
                        "deployment",
                        "participant",
                        "-o",
                        "jsonpath={.metadata.creationTimestamp}")
                .mustSucceed();
    }

    @Test
    void a_typo_is_corrected_before_it_was_ever_available() throws Exception {
        plane.kubectl("create", "namespace", "first").mustSucceed();
        apply("first", "0", "INFO").mustSucceed();
        isUnavailable("first", created("first"));
        var checked = check("first", "1");
        assertThat(checked).startsWith("0 ").contains("this passes, since this Deployment was never available");

        var corrected = apply("first", "1", "INFO");

        assertThat(corrected.exitCode()).as(corrected.err()).isZero();
        assertThat(corrected.err())
                .contains("Warning: kms-guard kms-migration: container participant: this update changes kms.config");
    }

    @Test
    void and_not_once_it_was_available() throws Exception {
        plane.kubectl("create", "namespace", "later").mustSucceed();
        apply("later", "0", "INFO").mustSucceed();
        isUnavailable("later", "2099-01-01T00:00:00Z");

        assertThat(check("later", "1")).startsWith("1 ").contains("kms-migration");
        var refused = apply("later", "1", "INFO");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("denied the request: Deployment later/participant: ", "kms-migration");
    }

    @Test
    void a_new_log_level_brings_no_warning() throws Exception {
        plane.kubectl("create", "namespace", "level").mustSucceed();
        assertThat(apply("level", "0", "INFO").mustSucceed()).contains("created");

        var updated = apply("level", "0", "DEBUG");

        assertThat(updated.exitCode()).isZero();
        assertThat(updated.err()).isEmpty();
    }
}
