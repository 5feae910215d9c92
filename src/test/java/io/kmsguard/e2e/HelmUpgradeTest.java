// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator meets: the guard in force, and real Helm installing and upgrading what the Splice charts render. */
class HelmUpgradeTest {

    private static final String RELEASE = "0.7.3";

    private static ControlPlane plane;
    private static Guard guard;

    /** What ran before the guard came: a revision without KMS, and a later one with it. */
    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start().withControllers();
        for (var helm : List.of("helm3", "helm4")) {
            namespace("old-" + helm);
            helm(helm, "old-" + helm, "install", "participant", "participant-no-kms")
                    .mustSucceed();
            helm(helm, "old-" + helm, "upgrade", "participant", "participant-kms-gcp-sample")
                    .mustSucceed();
        }
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

    private static void namespace(String name) throws IOException {
        plane.kmsNamespace(name);
        volume(name, "sv-app-global-domain-migration-pvc");
    }

    /** The claim that the chart of an SV makes beside what the corpus has of it; without it the pod is never scheduled. */
    private static void volume(String namespace, String claim) throws IOException {
        plane.kubectl(
                        "apply",
                        "-f",
                        plane.write(namespace + "-volume.yaml", """
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: %1$s}
                spec:
                  accessModes: [ReadWriteOnce]
                  capacity: {storage: 1Gi}
                  hostPath: {path: /none}
                  claimRef: {namespace: %1$s, name: %2$s}
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: %2$s, namespace: %1$s}
                spec:
                  accessModes: [ReadWriteOnce]
                  storageClassName: ""
                  volumeName: %1$s
                  resources: {requests: {storage: 1Gi}}
                """.formatted(namespace, claim))
                                .toString())
                .mustSucceed();
    }

    private static Ran helm(
            String helm, String namespace, String verb, String release, String scenario, String... options)
            throws IOException {
        var line = new ArrayList<>(List.of(verb, release, AppChart.of(plane, RELEASE, scenario), "-n", namespace));
        line.addAll(List.of(options));
        return plane.run(helm, line.toArray(String[]::new));
    }

    private static String stored(String namespace, String deployment, String jsonPath) throws IOException {
        return plane.kubectl("-n", namespace, "get", "deployment", deployment, "-o", "jsonpath=" + jsonPath)
                .mustSucceed();
    }

    private static void keyPair(String namespace) throws IOException {
        plane.kubectl(
                        "apply",
                        "-f",
                        plane.write(namespace + "-key.yaml", GovernanceKey.in(namespace))
                                .toString())
                .mustSucceed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void an_upgrade_that_forgets_the_kms_is_refused_and_nothing_changes(String helm) throws IOException {
        var namespace = "forgets-" + helm;
        namespace(namespace);
        helm(helm, namespace, "install", "participant", "participant-kms-gcp-sample", "--wait", "--timeout=170s")
                .mustSucceed();
        var before = stored(namespace, "participant", "{.metadata.generation}");

        var asked = helm(helm, namespace, "upgrade", "participant", "participant-no-kms", "--dry-run=server");
        var rendered = helm(helm, namespace, "template", "participant", "participant-no-kms")
                .mustSucceed();
        var file = plane.write(namespace + ".yaml", rendered).toString();
        var tried = plane.kubectl("-n", namespace, "replace", "--dry-run=server", "-f", file);
        var refused = helm(helm, namespace, "upgrade", "participant", "participant-no-kms");

        var denial = "admission webhook \"workloads.kms-guard.io\" denied the request: Deployment " + namespace
                + "/participant: container participant: this update takes the participant off its KMS;";
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains(denial);
        assertThat(tried.exitCode()).isEqualTo(1);
        assertThat(tried.err()).contains(denial);
        // Helm's own dry run asks no webhook: docs/helm.md.
        assertThat(asked.exitCode()).isZero();
        assertThat(stored(namespace, "participant", "{.metadata.generation}")).isEqualTo(before);
        System.out.println(helm + " says of a forgotten KMS: " + refused.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void a_way_back_to_a_revision_before_the_kms_is_refused(String helm) throws IOException {
        var namespace = "old-" + helm;

        var rollback = plane.run(helm, "rollback", "participant", "1", "-n", namespace);
        var undo = plane.kubectl("-n", namespace, "rollout", "undo", "deployment/participant", "--to-revision=1");

        var denial = "this update takes the participant off its KMS;";
        assertThat(rollback.exitCode()).isEqualTo(1);
        assertThat(rollback.err()).contains(denial);
        assertThat(undo.exitCode()).isEqualTo(1);
        assertThat(undo.err()).contains(denial);
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void an_sv_on_a_kms_needs_its_key_and_a_secret_as_the_guide_makes_it_is_explained(String helm) throws IOException {
        var namespace = "keys-" + helm;
        namespace(namespace);
        helm(helm, namespace, "install", "participant", "participant-kms-gcp-sample")
                .mustSucceed();

        var flagless = helm(helm, namespace, "install", "sv", "sv-cometbft-default");
        var made = plane.kubectl(
                "-n",
                namespace,
                "create",
                "secret",
                "generic",
                "splice-app-sv-cometbft-governance-key",
                "--from-literal=publicKey=null",
                "--from-literal=privateKey=null");
        var guided = helm(helm, namespace, "upgrade", "sv", "sv-external-key", "--install");
        keyPair(namespace);
        var mended = helm(helm, namespace, "upgrade", "sv", "sv-external-key", "--install", "--wait", "--timeout=170s");

        assertThat(flagless.exitCode()).isEqualTo(1);
        assertThat(flagless.err()).contains("synchronizers.current.cometBFT.externalGovernanceKey: true");
        assertThat(made.exitCode()).isEqualTo(1);
        assertThat(made.err()).contains("admission webhook \"secrets.kms-guard.io\" denied the request");
        assertThat(guided.exitCode()).isEqualTo(1);
        assertThat(guided.err()).contains("kms-guard keys generate -n " + namespace);
        mended.mustSucceed();
        assertThat(stored(namespace, "sv-app", "{.status.readyReplicas}")).isEqualTo("1");
        System.out.println(helm + " says of the guide's Secret: " + made.err() + guided.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void what_is_missing_is_injected_once_and_stays_through_upgrades(String helm) throws IOException {
        var namespace = "injects-" + helm;
        namespace(namespace);
        var credentials =
                "{.spec.template.spec.containers[0].env[?(@.name==\"GOOGLE_APPLICATION_CREDENTIALS\")].value}";
        helm(helm, namespace, "install", "participant", "participant-kms-gcp-bare", "--wait", "--timeout=170s")
                .mustSucceed();
        assertThat(stored(namespace, "participant", credentials)).isEqualTo("/app/gcp-credentials.json");

        helm(helm, namespace, "upgrade", "participant", "participant-kms-gcp-bare", "--wait", "--timeout=170s")
                .mustSucceed();

        assertThat(stored(namespace, "participant", credentials)).isEqualTo("/app/gcp-credentials.json");
        assertThat(stored(
                        namespace, "participant", "{.spec.template.spec.volumes[?(@.name==\"gcp-credentials\")].name}"))
                .isEqualTo("gcp-credentials");
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void a_namespace_with_the_key_in_use_can_be_deleted_and_the_key_alone_cannot(String helm) throws IOException {
        var namespace = "goes-" + helm;
        namespace(namespace);
        helm(helm, namespace, "install", "participant", "participant-kms-gcp-sample")
                .mustSucceed();
        keyPair(namespace);
        helm(helm, namespace, "install", "sv", "sv-external-key").mustSucceed();

        var alone = plane.kubectl("-n", namespace, "delete", "secret", "splice-app-sv-cometbft-governance-key");
        plane.kubectl("delete", "namespace", namespace, "--timeout=170s").mustSucceed();

        assertThat(alone.exitCode()).isEqualTo(1);
        assertThat(alone.err()).contains("admission webhook \"secrets.kms-guard.io\" denied the request");
    }
}
