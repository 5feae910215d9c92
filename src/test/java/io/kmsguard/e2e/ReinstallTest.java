// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A participant that ran is uninstalled, and another one is installed over its database: what is remembered holds. */
class ReinstallTest {

    private static final String RELEASE = "0.7.3";
    private static final String SERVER = "value: participant-pg\n";

    private static ControlPlane plane;
    private static Guard guard;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start().withControllers();
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

    private static Ran install(
            String helm, String namespace, String release, String scenario, UnaryOperator<String> values)
            throws IOException {
        var variant = namespace + "-" + release + "-" + Integer.toHexString(System.identityHashCode(values));
        var chart = AppChart.of(plane, RELEASE, scenario, variant, values);
        return plane.run(helm, "install", release, chart, "-n", namespace, "--wait", "--timeout=170s");
    }

    /** A release that failed keeps its name until it is uninstalled. */
    private static Ran refused(
            String helm, String namespace, String release, String scenario, UnaryOperator<String> values)
            throws IOException {
        var ran = install(helm, namespace, release, scenario, values);
        assertThat(deployments(namespace)).isEmpty();
        plane.run(helm, "uninstall", release, "-n", namespace, "--wait").mustSucceed();
        return ran;
    }

    private static String deployments(String namespace) throws IOException {
        return plane.kubectl("-n", namespace, "get", "deployments", "-o", "name")
                .mustSucceed();
    }

    private static String memory() throws IOException {
        return plane.kubectl(
                        "-n",
                        Guard.NAMESPACE,
                        "get",
                        "configmap",
                        "kms-guard-identities",
                        "-o",
                        "jsonpath={.data.identities\\.yaml}")
                .mustSucceed();
    }

    /** A server by its whole name is the same one from each namespace. */
    private static UnaryOperator<String> onServer(String server) {
        return manifests -> {
            assertThat(manifests).contains(SERVER);
            return manifests.replace(SERVER, "value: " + server + "\n");
        };
    }

    private static UnaryOperator<String> with(UnaryOperator<String> values, String before, String after) {
        return manifests -> {
            assertThat(manifests).contains(before);
            return values.apply(manifests).replace(before, after);
        };
    }

    private static void assertRefused(Ran ran, String namespace, String name, String place, String says) {
        assertThat(ran.exitCode()).as(ran.out() + ran.err()).isEqualTo(1);
        assertThat(ran.err())
                .contains("admission webhook \"workloads.kms-guard.io\" denied the request: Deployment " + namespace
                        + "/"
                        + name + ": container participant: its database participant_0, schema participant, at " + place
                        + ", holds the identity of Deployment ")
                .contains("which kept its keys in GCP KMS (project acme-canton-prod, location us-east1, key ring"
                        + " sv-participant) when last seen on ")
                .contains(says)
                .contains(
                        "the root key of a participant can never be replaced. Fix: keep the kms values that the database"
                                + " was seen with, or give the participant an empty database of its own")
                .contains("[more: kms-guard explain kms-identity-reuse]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"helm3", "helm4"})
    void another_kms_none_another_namespace_and_another_name_are_refused_and_the_same_kms_is_not(String helm)
            throws Exception {
        var was = "was-" + helm;
        var elsewhere = "elsewhere-" + helm;
        plane.kmsNamespace(was);
        plane.kmsNamespace(elsewhere);
        var database = onServer("participant-pg." + was + ".svc.cluster.local");
        var place = "participant-pg." + was + ":5432";
        install(helm, was, "participant", "participant-kms-gcp-sample", database)
                .mustSucceed();
        Await.until(() -> memory().contains("participant-pg." + was), () -> "what runs in the memory");
        plane.run(helm, "uninstall", "participant", "-n", was, "--wait").mustSucceed();
        assertThat(deployments(was)).isEmpty();

        var otherKms = with(database, "key-ring-id = sv-participant", "key-ring-id = sv-participant-2");
        var renamed = with(database, "\n  name: participant\n", "\n  name: participant-2\n");
        var other = refused(helm, was, "participant", "participant-kms-gcp-sample", otherKms);
        var none = refused(helm, was, "participant", "participant-no-kms", database);
        var there = refused(helm, elsewhere, "participant", "participant-no-kms", database);
        var named = refused(helm, was, "participant-2", "participant-no-kms", renamed);

        var keepsItself = "this participant keeps its keys itself, where those are not, and";
        assertRefused(
                other, was, "participant", place, "key ring sv-participant-2), where those are not, and the root key");
        assertRefused(none, was, "participant", place, keepsItself);
        assertRefused(there, elsewhere, "participant", place, keepsItself);
        assertRefused(named, was, "participant-2", place, keepsItself);
        System.out.println(helm + " says of a database that was seen on a KMS: " + none.err());

        install(helm, was, "participant", "participant-kms-gcp-sample", database)
                .mustSucceed();
    }
}
