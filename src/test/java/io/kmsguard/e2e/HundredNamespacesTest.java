// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A hundred namespaces with a participant on a KMS and an SV each: more than a network has of them. */
class HundredNamespacesTest {

    private static final int NAMESPACES = 100;
    private static final int BATCH = 25;
    private static final String KEY = "splice-app-sv-cometbft-governance-key";

    private static ControlPlane plane;
    private static Guard guard;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start().withControllers();
        guard = Guard.install(plane, "helm4");
        apply("participants.yaml", number -> namespace(number) + key(number) + participant(number, "sv-" + number));
        apply("svs.yaml", number -> svApp(number, true));
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

    private static void apply(String file, IntFunction<String> manifests) throws IOException {
        for (var from = 0; from < NAMESPACES; from += BATCH) {
            var some = IntStream.range(from, from + BATCH).mapToObj(manifests).collect(Collectors.joining());
            plane.kubectl("apply", "-f", plane.write(file, some).toString()).mustSucceed();
        }
    }

    private static String namespace(int number) {
        return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: sv-%d}\n".formatted(number);
    }

    private static String key(int number) {
        return "---\n" + GovernanceKey.in("sv-" + number);
    }

    private static String participant(int number, String keyRing) {
        return """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: participant, namespace: sv-%1$d}
                spec:
                  selector: {matchLabels: {app: participant}}
                  template:
                    metadata: {labels: {app: participant}}
                    spec:
                      containers:
                      - name: participant
                        image: registry.example.com/canton-participant:0.7.3
                        env:
                        - {name: CANTON_PARTICIPANT_POSTGRES_SERVER, value: participant-pg}
                        - name: ADDITIONAL_CONFIG_KMS
                          value: 'canton.participants.participant.crypto { provider = kms, kms { type = gcp,
                            project-id = acme-canton, location-id = us-east1, key-ring-id = %2$s } }'
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: participant, namespace: sv-%1$d}
                spec:
                  selector: {app: participant}
                  ports: [{port: 5001}]
                """.formatted(number, keyRing);
    }

    private static String svApp(int number, boolean keyed) {
        var config = keyed
                ? "canton.sv-apps.sv.local-synchronizer-nodes.current.comet-bft-config { enabled = true, governance-key {"
                        + " public-key = ${?SPLICE_APP_SV_COMETBFT_GOVERNANCE_PUBLIC_KEY},"
                        + " private-key = ${?SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY} } }"
                : "canton.sv-apps.sv.local-synchronizer-nodes.current.comet-bft-config { enabled = true }";
        return """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: sv-app, namespace: sv-%1$d}
                spec:
                  selector: {matchLabels: {app: sv-app}}
                  template:
                    metadata: {labels: {app: sv-app}}
                    spec:
                      containers:
                      - name: sv-app
                        image: registry.example.com/sv-app:0.7.3
                        env:
                        - {name: SPLICE_APP_SV_PARTICIPANT_ADDRESS, value: participant}
                        - {name: ADDITIONAL_CONFIG_SV, value: '%2$s'}
                        - name: SPLICE_APP_SV_COMETBFT_GOVERNANCE_PUBLIC_KEY
                          valueFrom: {secretKeyRef: {name: %3$s, key: public}}
                        - name: SPLICE_APP_SV_COMETBFT_GOVERNANCE_PRIVATE_KEY
                          valueFrom: {secretKeyRef: {name: %3$s, key: private}}
                """.formatted(number, config, KEY);
    }

    private static String doctor() {
        var out = new ByteArrayOutputStream();
        Main.run(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                Map.of(),
                "doctor",
                "--kubeconfig=" + plane.kubeconfig(),
                "--installed-as=" + Guard.NAME,
                "--namespace=" + Guard.NAMESPACE);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Ran tried(String manifest) throws IOException {
        return plane.kubectl(
                "apply",
                "--dry-run=server",
                "-f",
                plane.write("tried.yaml", manifest).toString());
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

    @Test
    void each_is_known_judged_by_its_own_and_remembered() throws Exception {
        Await.until(
                () -> memory().split("- server: ", -1).length == NAMESPACES + 1, () -> "each database in the memory");

        for (var number : new int[] {0, 57, 99}) {
            var flagless = tried(svApp(number, false));
            assertThat(flagless.exitCode()).isEqualTo(1);
            assertThat(flagless.err()).contains("Deployment sv-" + number + "/sv-app: ", "governance-key-flag");
            var moved = tried(participant(number, "another"));
            assertThat(moved.exitCode()).isEqualTo(1);
            assertThat(moved.err()).contains("Deployment sv-" + number + "/participant: ", "kms-migration");
            tried(svApp(number, true)).mustSucceed();
            tried(participant(number, "sv-" + number)).mustSucceed();
        }

        var said = doctor();
        System.out.println(said);
        assertThat(said)
                .contains("Participants and SV apps by Splice release: 0.7.3 (200).")
                .contains(" 0 that nobody could tell.");
        // Its replicas are processes beside the cluster: what the Deployment counts are other pods.
        assertThat(said.lines().filter(line -> line.startsWith("bad ") && !line.contains(" replicas ")))
                .isEmpty();
        assertThat(said.lines().count()).isLessThan(20);
        figures();
    }

    /** How much a replica takes, and how long its reviews took; told, and only the memory is held to a bound. */
    private static void figures() throws IOException {
        for (var replica : guard.replicas()) {
            var status = Files.readString(Path.of("/proc", replica.process().pid(), "status"), StandardCharsets.UTF_8);
            var matcher = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(status);
            assertThat(matcher.find()).isTrue();
            var megabytes = Integer.parseInt(matcher.group(1)) / 1024;
            System.out.println("replica " + replica.name() + ": " + megabytes + " MiB resident");
            replica.metrics()
                    .lines()
                    .filter(line -> line.startsWith("controller_runtime_webhook_latency_seconds_sum")
                            || line.startsWith("controller_runtime_webhook_latency_seconds_count"))
                    .forEach(System.out::println);
            // A heap of 128 MiB, and what the JVM itself takes.
            assertThat(megabytes).isLessThan(350);
            replica.process().mustRun();
        }
    }
}
