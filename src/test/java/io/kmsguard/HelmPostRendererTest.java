// SPDX-License-Identifier: Apache-2.0
package io.kmsguard;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import io.kmsguard.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chart as Helm itself renders it, through inject, as a post-renderer gets it. */
class HelmPostRendererTest {

    private static final Path CHART = Path.of("src", "test", "resources", "charts", "sv-on-kms");

    private static final List<String> GOVERNANCE_ENV = """
                        - name: SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY
                          valueFrom:
                            secretKeyRef:
                              key: private
                              name: splice-app-sv-cometbft-governance-key
                              optional: false
                        - name: SPLICE_APP_SV_COMETBFT_GOVERNANCE_PUBLIC_KEY
                          valueFrom:
                            secretKeyRef:
                              key: public
                              name: splice-app-sv-cometbft-governance-key
                              optional: false
            """.lines().toList();

    private static final List<String> GCP = """
                    - name: GOOGLE_APPLICATION_CREDENTIALS
                      value: /app/gcp-credentials.json
                    volumeMounts:
                    - mountPath: /app/gcp-credentials.json
                      name: gcp-credentials
                      subPath: googleCredentials
                  volumes:
                  - name: gcp-credentials
                    secret:
                      secretName: gke-credentials
            """.lines().toList();

    private static final List<String> AWS = """
                    - name: AWS_ACCESS_KEY_ID
                      valueFrom:
                        secretKeyRef:
                          key: accessKeyId
                          name: aws-credentials
                          optional: false
                    - name: AWS_SECRET_ACCESS_KEY
                      valueFrom:
                        secretKeyRef:
                          key: secretAccessKey
                          name: aws-credentials
                          optional: false
            """.lines().toList();

    @TempDir
    Path folder;

    private Path cluster;

    @BeforeAll
    static void helm_must_run_here() {
        HelmLibrary.mustLoadFor(HelmPostRendererTest.class);
    }

    @BeforeEach
    void a_cluster_with_the_secrets() throws IOException {
        cluster = folder.resolve("cluster.yaml");
        Files.writeString(cluster, """
                {apiVersion: v1, kind: Secret, metadata: {name: gke-credentials, namespace: sv}, data: {googleCredentials: e30=}}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: aws-credentials, namespace: sv}
                stringData: {accessKeyId: "", secretAccessKey: ""}
                ---
                """ + GovernanceSecrets.GOOD.object("sv").orElseThrow());
    }

    private record Run(int exitCode, String out, String err) {}

    private static Run kmsGuard(String in, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var exitCode = Main.run(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                Map.of(),
                args);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String render(Map<String, String> values) {
        var template = new Helm(CHART).template().withName("participant").withNamespace("sv");
        values.forEach(template::set);
        return template.call();
    }

    /** The lines that are in the second text besides those of the first, which must all be there, in order. */
    private static List<String> added(String before, String after) {
        var added = new ArrayList<String>();
        var left = new ArrayList<>(List.of(before.split("\n", -1)));
        for (var line : after.split("\n", -1)) {
            if (!left.isEmpty() && left.get(0).equals(line)) {
                left.remove(0);
            } else {
                added.add(line);
            }
        }
        assertThat(left).isEmpty();
        return added;
    }

    private void is_completed_with_nothing_but(Map<String, String> values, String notes, List<List<String>> lines) {
        var rendered = render(values);
        var injected = kmsGuard(rendered, "inject", "--check", "--with", cluster.toString());
        assertThat(injected.err()).isEqualTo(notes);
        assertThat(injected.exitCode()).isZero();
        assertThat(added(rendered, injected.out()))
                .isEqualTo(lines.stream().flatMap(List::stream).toList());
        assertThat(kmsGuard(injected.out(), "check", "--old", cluster.toString(), "-"))
                .isEqualTo(new Run(
                        0,
                        "allowed  Deployment sv/participant (participant)  stdin:" + line(injected.out(), 1) + "\n"
                                + "allowed  Deployment sv/sv-app (sv-app)  stdin:" + line(injected.out(), 2) + "\n"
                                + "0 denied, 0 warned, 2 allowed. 2 other objects are none of the guard's business.\n",
                        ""));
        assertThat(kmsGuard(injected.out(), "inject", "--with", cluster.toString()))
                .isEqualTo(new Run(0, injected.out(), ""));
    }

    /** Where that Deployment starts. */
    private static int line(String text, int number) {
        var before = text.split("apiVersion: apps/v1", -1);
        return (int) String.join("", Arrays.copyOf(before, number)).lines().count()
                + (before[number - 1].endsWith("\n") ? 1 : 0);
    }

    @Test
    void a_chart_on_google_cloud_gets_what_it_lacks() {
        is_completed_with_nothing_but(Map.of(), """
                kms-guard: Deployment sv/participant: injected env GOOGLE_APPLICATION_CREDENTIALS, volume and mount gcp-credentials from Secret gke-credentials; set additionalEnvVars, extraVolumes and extraVolumeMounts in the values of splice-participant 0.7.3 to make this unnecessary
                kms-guard: Deployment sv/sv-app: injected the governance key's env from Secret splice-app-sv-cometbft-governance-key; synchronizers.current.cometBFT.externalGovernanceKey: true in the values of splice-sv-node 0.7.3 makes this unnecessary
                """, List.of(GCP, GOVERNANCE_ENV));
    }

    @Test
    void a_chart_on_aws_gets_what_it_lacks() {
        is_completed_with_nothing_but(
                Map.of(
                        "kms.type", "aws",
                        "kms.region", "eu-central-1",
                        "kms.locationId", "null",
                        "kms.projectId", "null",
                        "kms.keyRingId", "null",
                        "cometBFT.governanceKeyEnv", "true"),
                """
                kms-guard: Deployment sv/participant: injected env AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY from Secret aws-credentials; set additionalEnvVars in the values of splice-participant 0.7.3 to make this unnecessary
                """,
                List.of(AWS));
    }

    @Test
    void a_chart_whose_values_say_it_comes_out_as_it_went_in() {
        var values = Map.of(
                "cometBFT.governanceKeyEnv", "true",
                "additionalEnvVars[0].name", "GOOGLE_APPLICATION_CREDENTIALS",
                "additionalEnvVars[0].value", "/app/gcp-credentials.json",
                "extraVolumes[0].name", "gcp-credentials",
                "extraVolumes[0].secret.secretName", "gke-credentials",
                "extraVolumeMounts[0].name", "gcp-credentials",
                "extraVolumeMounts[0].mountPath", "/app/gcp-credentials.json",
                "extraVolumeMounts[0].subPath", "googleCredentials");
        is_completed_with_nothing_but(values, "", List.of());
    }

    @Test
    void a_chart_that_is_denied_stops_helm() {
        var run = kmsGuard(
                render(Map.of("kms.locationId", "LOCATION_ID")), "inject", "--check", "--with", cluster.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                        kms-guard: check denies Deployment sv/participant: container participant: canton.participants.participant.crypto.kms.location-id is still the placeholder LOCATION_ID. Fix: write the real value [more: kms-guard explain kms-config]
                        """);
    }
}
